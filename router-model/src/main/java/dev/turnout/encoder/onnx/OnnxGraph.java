package dev.turnout.encoder.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.protobuf.WireFormat;
import dev.turnout.encoder.EncoderException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The nodes and the wanted initialisers of an ONNX model. The file is read as a stream, one tensor
 * at a time, so that a caller who wants one tensor does not hold the whole model.
 *
 * @param nodes in the graph's order
 * @param initialisers by name, only those asked for
 */
public record OnnxGraph(List<NodeProto> nodes, Map<String, OnnxTensor> initialisers) {
  private static final int GRAPH =
      tag(ModelProto.GRAPH_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
  private static final int NODE =
      tag(GraphProto.NODE_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
  private static final int INITIALISER =
      tag(GraphProto.INITIALIZER_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);

  /**
   * Reads a model to its end; the stream is left open.
   *
   * @param wanted names of the initialisers to keep; those not of single-precision floats are left
   *     out
   * @param origin names the file in errors
   * @throws EncoderException if the stream holds no ONNX model
   */
  public static OnnxGraph read(InputStream model, Predicate<String> wanted, String origin) {
    List<NodeProto> nodes = new ArrayList<>();
    Map<String, OnnxTensor> initialisers = new LinkedHashMap<>();
    CodedInputStream input = CodedInputStream.newInstance(model, 1 << 16);
    input.setSizeLimit(Integer.MAX_VALUE);
    try {
      for (int field = input.readTag(); field != 0; field = input.readTag()) {
        if (field != GRAPH) {
          input.skipField(field);
          continue;
        }
        int outer = input.pushLimit(input.readRawVarint32());
        for (int inner = input.readTag(); inner != 0; inner = input.readTag()) {
          if (inner == NODE) {
            nodes.add(message(input, NodeProto.parser()));
          } else if (inner == INITIALISER) {
            TensorProto tensor = message(input, TensorProto.parser());
            if (OnnxTensor.isReadable(tensor) && wanted.test(tensor.getName())) {
              initialisers.put(tensor.getName(), OnnxTensor.of(tensor));
            }
          } else {
            input.skipField(inner);
          }
        }
        input.popLimit(outer);
      }
    } catch (IOException e) {
      throw new EncoderException(origin + ": not readable as ONNX: " + e.getMessage(), e);
    }
    return new OnnxGraph(List.copyOf(nodes), Map.copyOf(initialisers));
  }

  /**
   * The initialiser called {@code name}.
   *
   * @throws EncoderException if there is none
   */
  public OnnxTensor initialiser(String name) {
    OnnxTensor tensor = initialisers.get(name);
    if (tensor == null) {
      throw new EncoderException("ONNX model has no fp32 initialiser \"" + name + "\"");
    }
    return tensor;
  }

  private static <T extends MessageLite> T message(CodedInputStream input, Parser<T> parser)
      throws IOException {
    return input.readMessage(parser, ExtensionRegistryLite.getEmptyRegistry());
  }

  private static int tag(int field, int wireType) {
    return field << 3 | wireType;
  }
}
