"""Which torch functions and tensor methods an expression may call, and with what.

A row names where torch keeps the function, its name, its signature as in `entry.py`, the keywords
that it takes and how large its result gets. Keywords take literals, except those in
TENSOR_KEYWORDS.
"""

from __future__ import annotations

from graphstep.expression.entry import Entry

TENSOR_KEYWORDS = frozenset({"weight", "bias", "other", "pos_weight", "attn_mask"})

STRINGS = {
    "reduction": ("none", "mean", "sum"),
    "approximate": ("none", "tanh"),
    "rounding_mode": ("floor", "trunc"),
    "ord": ("fro", "nuc"),
    "p": ("fro", "nuc"),
}
"""Keywords that take one of these strings."""

UNARY = """abs acos acosh arccos arcsin arctan asin asinh atan atanh ceil clone cos cosh deg2rad
    detach digamma erf erfc erfinv exp exp2 expm1 floor frac isfinite isinf isnan lgamma log log10
    log1p log2 logit neg negative positive rad2deg reciprocal relu round rsqrt sgn sigmoid sign
    sin sinc sinh sqrt square tan tanh trunc"""

FUNCTIONAL_UNARY = "hardsigmoid hardswish logsigmoid mish relu6 rrelu selu silu softsign tanhshrink"

ROWS = """
    torch  add                 tt   alpha                    broadcast
    torch  sub                 tt   alpha                    broadcast
    torch  mul                 tt   -                        broadcast
    torch  div                 tt   rounding_mode            broadcast
    torch  pow                 ss   -                        broadcast
    torch  remainder           ts   -                        broadcast
    torch  fmod                ts   -                        broadcast
    torch  maximum             tt   -                        broadcast
    torch  minimum             tt   -                        broadcast
    torch  fmax                tt   -                        broadcast
    torch  fmin                tt   -                        broadcast
    torch  atan2               tt   -                        broadcast
    torch  hypot               tt   -                        broadcast
    torch  logaddexp           tt   -                        broadcast
    torch  lerp                tts  -                        broadcast
    torch  xlogy               ts   -                        broadcast
    torch  where               css  -                        broadcast
    torch  clamp               t|ss min,max                  broadcast
    torch  clip                t|ss min,max                  broadcast
    torch  addcmul             ttt  value                    broadcast
    torch  addcdiv             ttt  value                    broadcast
    torch  logical_and         cc   -                        broadcast
    torch  logical_or          cc   -                        broadcast
    torch  logical_not         c    -                        same
    torch  matmul              tt   -                        matmul
    torch  mm                  tt   -                        matmul
    torch  bmm                 tt   -                        matmul
    torch  mv                  tt   -                        matmul
    torch  dot                 tt   -                        same
    torch  outer               tt   -                        outer
    torch  addmm               ttt  beta,alpha               addmm
    torch  einsum              qt*  -                        einsum
    torch  sum                 t|nn dim,keepdim              same
    torch  mean                t|nn dim,keepdim              same
    torch  prod                t|nn dim,keepdim              same
    torch  std                 t|n  dim,keepdim,correction,unbiased  same
    torch  var                 t|n  dim,keepdim,correction,unbiased  same
    torch  norm                t|n  p,dim,keepdim            same
    torch  logsumexp           tn|n dim,keepdim              same
    torch  amax                t|nn dim,keepdim              same
    torch  amin                t|nn dim,keepdim              same
    torch  max                 t|sn dim,keepdim              broadcast
    torch  min                 t|sn dim,keepdim              broadcast
    torch  median              t|nn dim,keepdim              same
    torch  argmax              t|nn dim,keepdim              same
    torch  argmin              t|nn dim,keepdim              same
    torch  topk                tn|n dim,largest,sorted       same
    torch  sort                t|nn dim,descending           same
    torch  cumsum              tn   dim                      same
    torch  cumprod             tn   dim                      same
    torch  logcumsumexp        tn   dim                      same
    torch  softmax             tn   dim                      same
    torch  log_softmax         tn   dim                      same
    torch  trace               t    -                        same
    torch  t                   t    -                        same
    torch  tril                t|n  diagonal                 same
    torch  triu                t|n  diagonal                 same
    torch  diag                t|n  diagonal                 diag
    torch  diagonal            t|nnn offset,dim1,dim2        same
    torch  transpose           tnn  dim0,dim1                same
    torch  permute             tn   dims                     same
    torch  reshape             tn   shape                    same
    torch  flatten             t|nn start_dim,end_dim        same
    torch  unsqueeze           tn   dim                      same
    torch  squeeze             t|n  dim                      same
    torch  movedim             tnn  -                        same
    torch  flip                tn   dims                     same
    torch  roll                tn|n shifts,dims              same
    torch  broadcast_to        tn   -                        expand
    torch  tile                tn   -                        repeat
    torch  cat                 l|n  dim                      joined
    torch  concat              l|n  dim                      joined
    torch  stack               l|n  dim                      joined
    torch  hstack              l    -                        joined
    torch  vstack              l    -                        joined
    torch  split               tn|n dim                      same
    torch  chunk               tn|n dim                      same
    torch  unbind              t|n  dim                      same
    torch  select              tnn  dim,index                same
    torch  narrow              tnnn -                        same
    torch  index_select        tnt  -                        gathered
    torch  gather              tnt  -                        same
    torch  zeros_like          t    -                        same
    torch  ones_like           t    -                        same
    torch  full_like           tn   fill_value               same
    torch  zeros               n*   -                        created
    torch  ones                n*   -                        created
    torch  full                nn   -                        created
    torch  eye                 n|n  -                        square
    torch  arange              n|nn -                        range
    torch  linspace            nnn  -                        points
    linalg norm                t|n  ord,dim,keepdim          same
    linalg vector_norm         t|n  ord,dim,keepdim          same
    linalg matrix_norm         t|n  ord,dim,keepdim          same
    torch  det                 t    -                        same
    torch  logdet              t    -                        same
    linalg slogdet             t    -                        same
    torch  inverse             t    -                        same
    linalg inv                 t    -                        same
    linalg solve               tt   -                        broadcast
    functional elu             t    alpha                    same
    functional celu            t    alpha                    same
    functional gelu            t    approximate              same
    functional glu             t|n  dim                      same
    functional leaky_relu      t|n  negative_slope           same
    functional hardtanh        t|nn min_val,max_val          same
    functional softplus        t|nn beta,threshold           same
    functional softmin         tn   dim                      same
    functional prelu           tt   -                        same
    functional threshold       tnn  -                        same
    functional normalize       t    p,dim,eps                same
    functional linear          tt|t bias                     linear
    functional embedding       tt   -                        embedding
    functional layer_norm      tn|tt weight,bias,eps         same
    functional rms_norm        tn|t weight,eps               same
    functional group_norm      tn|tt weight,bias,eps         same
    functional conv1d          tt|tnn bias,stride,padding,dilation,groups  convolved
    functional conv2d          tt|tnn bias,stride,padding,dilation,groups  convolved
    functional max_pool1d      tn|nn stride,padding          same
    functional max_pool2d      tn|nn stride,padding          same
    functional avg_pool1d      tn|nn stride,padding          same
    functional avg_pool2d      tn|nn stride,padding          same
    functional scaled_dot_product_attention ttt attn_mask,is_causal,scale  attention
    functional cross_entropy   tt   weight,reduction,ignore_index,label_smoothing  same
    functional nll_loss        tt   weight,reduction,ignore_index  same
    functional mse_loss        tt   reduction                broadcast
    functional l1_loss         tt   reduction                broadcast
    functional smooth_l1_loss  tt   reduction,beta           broadcast
    functional huber_loss      tt   reduction,delta          broadcast
    functional kl_div          tt   reduction,log_target     broadcast
    functional binary_cross_entropy tt weight,reduction      same
    functional binary_cross_entropy_with_logits tt weight,pos_weight,reduction  broadcast
    functional soft_margin_loss tt  reduction                broadcast
    functional poisson_nll_loss tt  log_input,full,eps,reduction  broadcast
    functional cosine_similarity tt dim,eps                  broadcast
    functional pairwise_distance tt p,eps,keepdim            broadcast
    method reshape             tn*  -                        same
    method view                tn*  -                        same
    method permute             tn*  -                        same
    method flip                tn*  -                        same
    method expand              tn*  -                        expand
    method repeat              tn*  -                        repeat
    method expand_as           tt   -                        same
    method view_as             tt   -                        same
    method where               tcs  -                        broadcast
    method masked_fill         tcn  -                        broadcast
    method float               t    -                        same
    method double              t    -                        same
    method half                t    -                        same
    method bfloat16            t    -                        same
    method long                t    -                        same
    method contiguous          t    -                        same
    method softmax             tn   dim                      same
    method norm                t|n  p,dim,keepdim            same
"""

METHODS_FROM_FUNCTIONS = """add sub mul div pow remainder fmod maximum minimum atan2 hypot logaddexp
    lerp clamp clip addcmul addcdiv matmul mm bmm mv dot outer addmm sum mean prod std var logsumexp
    amax amin max min median argmax argmin topk sort cumsum cumprod logcumsumexp log_softmax trace t
    tril triu diag diagonal transpose flatten unsqueeze squeeze movedim roll split chunk unbind
    select narrow index_select gather det logdet inverse"""

PROPERTIES = ("T", "mT", "values", "indices")
"""Attributes that an expression may read; the last two name the results of max, sort and topk."""


def entries() -> tuple[dict[str, Entry], dict[str, Entry]]:
    """Return the tables of functions and of methods, by name; a method's first letter is its own.

    Where torch and torch.linalg both have a name, the first row stands.
    """
    functions = {name: Entry(name, "torch", "t") for name in UNARY.split()}
    functions |= {name: Entry(name, "functional", "t") for name in FUNCTIONAL_UNARY.split()}
    methods: dict[str, Entry] = {}
    for row in ROWS.strip().splitlines():
        home, name, signature, keywords, size = row.split()
        allowed = () if keywords == "-" else tuple(keywords.split(","))
        table = methods if home == "method" else functions
        table.setdefault(name, Entry(name, home, signature, allowed, size))
    for name in [*UNARY.split(), *METHODS_FROM_FUNCTIONS.split()]:
        one = functions[name]
        methods.setdefault(name, Entry(name, "method", one.signature, one.keywords, one.size))
    return functions, methods


FUNCTIONS, METHODS = entries()
