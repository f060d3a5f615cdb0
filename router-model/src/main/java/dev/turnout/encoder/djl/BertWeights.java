package dev.turnout.encoder.djl;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.turnout.encoder.EncoderException;
import dev.turnout.encoder.onnx.OnnxGraph;
import dev.turnout.encoder.onnx.OnnxTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/**
 * The weights of a BERT encoder in the order in which {@code bert_encoder.py} takes them: token,
 * position and segment embeddings, their layer norm, then per layer query-key-value in one, output,
 * layer norm, intermediate, output, layer norm. Linear weights are {@code [out][in]}.
 *
 * <p>The exported graph names its biases and norms; its linear weights are nameless, transposed and
 * come in the order of the MatMul nodes: query, key, value, output, intermediate, output.
 */
public final class BertWeights {
  /**
   * One tensor.
   *
   * @param shape lengths of the axes
   * @param values row-major
   */
  public record Weight(long[] shape, float[] values) {}

  private final OnnxGraph graph;
  private final Iterator<OnnxTensor> linear;
  private final List<Weight> weights = new ArrayList<>();

  private BertWeights(OnnxGraph graph) {
    this.graph = graph;
    this.linear =
        graph.nodes().stream()
            .filter(node -> node.getOpType().equals("MatMul"))
            .map(NodeProto::getInputList)
            .map(inputs -> graph.initialisers().get(inputs.get(1)))
            .filter(Objects::nonNull)
            .iterator();
  }

  /**
   * Reads all weights.
   *
   * @throws EncoderException if the graph is no BERT encoder in this form
   */
  public static List<Weight> of(OnnxGraph graph) {
    BertWeights reading = new BertWeights(graph);
    reading.named("embeddings.word_embeddings.weight");
    reading.named("embeddings.position_embeddings.weight");
    reading.firstRow("embeddings.token_type_embeddings.weight");
    reading.norm("embeddings.LayerNorm");
    for (int layer = 0; reading.hasLayer(layer); layer++) {
      reading.layer("encoder.layer." + layer + ".");
    }
    if (reading.linear.hasNext()) {
      throw new EncoderException("ONNX model has more linear weights than a BERT encoder takes");
    }
    return List.copyOf(reading.weights);
  }

  private boolean hasLayer(int layer) {
    return graph.initialisers().containsKey("encoder.layer." + layer + ".output.dense.bias");
  }

  private void layer(String prefix) {
    Weight query = transposed();
    Weight key = transposed();
    Weight value = transposed();
    weights.add(stacked(query, key, value));
    weights.add(
        stacked(
            vector(prefix + "attention.self.query.bias"),
            vector(prefix + "attention.self.key.bias"),
            vector(prefix + "attention.self.value.bias")));
    weights.add(transposed());
    named(prefix + "attention.output.dense.bias");
    norm(prefix + "attention.output.LayerNorm");
    weights.add(transposed());
    named(prefix + "intermediate.dense.bias");
    weights.add(transposed());
    named(prefix + "output.dense.bias");
    norm(prefix + "output.LayerNorm");
  }

  private void norm(String prefix) {
    named(prefix + ".weight");
    named(prefix + ".bias");
  }

  private void named(String name) {
    weights.add(vector(name));
  }

  private Weight vector(String name) {
    OnnxTensor tensor = graph.initialiser(name);
    return new Weight(
        tensor.shape().stream().mapToLong(Integer::longValue).toArray(), tensor.toFloatArray());
  }

  private void firstRow(String name) {
    OnnxTensor tensor = graph.initialiser(name);
    int width = tensor.shape().get(1);
    weights.add(new Weight(new long[] {width}, Arrays.copyOf(tensor.toFloatArray(), width)));
  }

  private Weight transposed() {
    if (!linear.hasNext()) {
      throw new EncoderException("ONNX model has fewer linear weights than its layers need");
    }
    OnnxTensor tensor = linear.next();
    int in = tensor.shape().get(0);
    int out = tensor.shape().get(1);
    float[] source = tensor.toFloatArray();
    float[] target = new float[source.length];
    for (int i = 0; i < in; i++) {
      for (int o = 0; o < out; o++) {
        target[o * in + i] = source[i * out + o];
      }
    }
    return new Weight(new long[] {out, in}, target);
  }

  private static Weight stacked(Weight first, Weight second, Weight third) {
    int length = first.values.length;
    float[] values = Arrays.copyOf(first.values, 3 * length);
    System.arraycopy(second.values, 0, values, length, length);
    System.arraycopy(third.values, 0, values, 2 * length, length);
    long[] shape = first.shape.clone();
    shape[0] *= 3;
    return new Weight(shape, values);
  }
}
