# A BERT encoder whose weights are an argument, in the dialect of serialised TorchScript; read by
# PyTorchBert, which also lists the order of w. 6 is float32, 15 is bfloat16.
class BertEncoder(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def forward(self: __torch__.BertEncoder,
    ids: Tensor,
    mask: Tensor,
    w: List[Tensor]) -> Tensor:
    heads = 12
    epsilon = 9.9999999999999998e-13
    rows = torch.size(ids, 0)
    columns = torch.size(ids, 1)
    width = torch.size(w[0], 1)
    kept = torch.to(mask, 6)
    bias = torch.type_as((kept - 1.) * 10000., w[0])
    bias = torch.unsqueeze(torch.unsqueeze(bias, 1), 1)
    positions = torch.slice(w[1], 0, 0, columns)
    x = torch.layer_norm(torch.embedding(w[0], ids) + positions + w[2], [width], w[3], w[4], epsilon)
    for layer in range((torch.len(w) - 5) // 12):
      at = 5 + 12 * layer
      qkv = torch.view(torch.linear(x, w[at], w[at + 1]), [rows, columns, 3, heads, width // heads])
      qkv = torch.permute(qkv, [2, 0, 3, 1, 4])
      mixed = torch.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2], bias, 0., False)
      mixed = torch.reshape(torch.transpose(mixed, 1, 2), [rows, columns, width])
      x = torch.layer_norm(torch.linear(mixed, w[at + 2], w[at + 3]) + x, [width], w[at + 4], w[at + 5], epsilon)
      inner = torch.gelu(torch.linear(x, w[at + 6], w[at + 7]))
      x = torch.layer_norm(torch.linear(inner, w[at + 8], w[at + 9]) + x, [width], w[at + 10], w[at + 11], epsilon)
    kept = torch.unsqueeze(kept, 2)
    mean = torch.sum(torch.to(x, 6) * kept, [1]) / torch.sum(kept, [1])
    return mean / torch.linalg_vector_norm(mean, 2, [1], True)
  def bfloat16(self: __torch__.BertEncoder,
    weight: Tensor) -> Tensor:
    return torch.to(weight, 15)
