package dev.turnout.encoder.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A tensor of single-precision weights.
 *
 * @param name as in the ONNX graph
 * @param shape lengths of the axes, outermost first
 * @param values row-major little-endian floats
 */
public record OnnxTensor(String name, List<Integer> shape, ByteBuffer values) {
  /** Whether {@code tensor} holds single-precision floats in the usual raw form. */
  static boolean isReadable(TensorProto tensor) {
    return tensor.getDataType() == TensorProto.DataType.FLOAT.getNumber() && tensor.hasRawData();
  }

  static OnnxTensor of(TensorProto tensor) {
    return new OnnxTensor(
        tensor.getName(),
        tensor.getDimsList().stream().map(Math::toIntExact).toList(),
        tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
  }

  /** A copy of the values, row-major. */
  public float[] toFloatArray() {
    float[] floats = new float[values.remaining() / Float.BYTES];
    values.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }
}
