"""Operations written out as in a textbook: the v_i steps that one kernel stands for."""
