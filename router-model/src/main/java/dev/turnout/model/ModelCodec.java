package dev.turnout.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.turnout.encoder.EncoderId;
import dev.turnout.model.guard.Familiarity;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The artefact, all little-endian: magic {@code TRNM}, format version (int32), header length
 * (int32), header (JSON, UTF-8), the matrices as float32 in the header's order, the guard's
 * familiarity in a form of its own, CRC-32C of all before it (int32). Version 2 has a success head,
 * a guard with a familiarity, or a promise; a model without any is written as version 1, which
 * earlier builds read too. Expected costs stand in the header, where earlier builds pass over them.
 */
final class ModelCodec {
  private static final int MAGIC = 0x4D4E5254;
  private static final int FIRST = 1;
  private static final int LATEST = 2;
  private static final int LARGEST_HEADER = 16 << 20;
  private static final String REMEDY = "; publish or train the model again";
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private ModelCodec() {}

  record BankHeader(Membership membership, double scale, double weight) {}

  record Header(
      String version,
      String encoder,
      List<String> llms,
      boolean normalise,
      List<BankHeader> banks,
      @Nullable Sphere sphere,
      double temperature,
      double[] slope,
      double[] intercept,
      double[] ease,
      double[] overall,
      @Nullable Double guardThreshold,
      @Nullable Integer familiarityBytes,
      @Nullable CostHeader costs,
      Map<String, String> report,
      List<MatrixReader.Shape> matrices) {}

  static byte[] write(RouterModel model) {
    List<MatrixReader.Shape> shapes = new ArrayList<>();
    List<Matrix> matrices = new ArrayList<>();
    add("mean", model.features().mean(), shapes, matrices);
    List<CellBank> banks = model.features().banks();
    for (int b = 0; b < banks.size(); b++) {
      add("centroids." + b, banks.get(b).centroids(), shapes, matrices);
    }
    add("projection", model.projection(), shapes, matrices);
    add("llmEmbeddings", model.llmEmbeddings(), shapes, matrices);
    add("easiness", model.calibration().easiness(), shapes, matrices);
    SuccessPromise promise = model.calibration().promise();
    add("promise", promise == null ? null : promise.thresholds(), shapes, matrices);
    Guard guard = model.guard();
    if (guard != null) {
      add("guard", guard.subspace(), shapes, matrices);
    }
    SuccessHead head = model.head();
    if (head != null) {
      add("head.edges", head.edges(), shapes, matrices);
      add("head.traitAxes", head.traitAxes(), shapes, matrices);
      add("head.words", head.words(), shapes, matrices);
      add("head.wordAxes", head.wordAxes(), shapes, matrices);
      add("head.llms", head.llms(), shapes, matrices);
    }
    byte[] familiarity =
        guard == null || guard.familiarity() == null ? new byte[0] : guard.familiarity().toBytes();
    Header header =
        new Header(
            model.version(),
            model.encoder().toString(),
            model.llms(),
            model.features().normalise(),
            banks.stream().map(b -> new BankHeader(b.membership(), b.scale(), b.weight())).toList(),
            model.sphere(),
            model.temperature(),
            model.calibration().slope(),
            model.calibration().intercept(),
            model.calibration().ease(),
            model.calibration().overall(),
            guard == null ? null : guard.threshold(),
            familiarity.length == 0 ? null : familiarity.length,
            CostHeader.of(model.costs()),
            model.report(),
            shapes);
    byte[] json = toJson(header);
    int floats = matrices.stream().mapToInt(m -> m.rows() * m.columns()).sum();
    ByteBuffer buffer =
        ByteBuffer.allocate(16 + json.length + 4 * floats + familiarity.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    boolean first = familiarity.length == 0 && promise == null && head == null;
    buffer.putInt(MAGIC).putInt(first ? FIRST : LATEST);
    buffer.putInt(json.length).put(json);
    for (Matrix matrix : matrices) {
      for (float value : matrix.toArray()) {
        buffer.putFloat(value);
      }
    }
    buffer.put(familiarity);
    buffer.putInt(checksum(buffer.array(), buffer.position()));
    return buffer.array();
  }

  static RouterModel read(byte[] bytes) {
    if (bytes.length < 16) {
      throw new ModelFormatException(
          "router model of " + bytes.length + " bytes is truncated" + REMEDY);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (buffer.getInt() != MAGIC) {
      throw new ModelFormatException(
          "these " + bytes.length + " bytes are not a router model: they do not start with TRNM");
    }
    int format = buffer.getInt();
    if (format < FIRST || format > LATEST) {
      throw new ModelFormatException(
          "router model has format version "
              + format
              + ", this build reads "
              + FIRST
              + " to "
              + LATEST
              + ": use a matching build or train the model again");
    }
    int expected = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 4);
    if (checksum(bytes, bytes.length - 4) != expected) {
      throw new ModelFormatException(
          "router model of " + bytes.length + " bytes is corrupt: checksum differs" + REMEDY);
    }
    int length = buffer.getInt();
    if (length < 2 || length > LARGEST_HEADER || length > buffer.remaining() - 4) {
      throw new ModelFormatException("router model header length " + length + " is wrong" + REMEDY);
    }
    byte[] json = new byte[length];
    buffer.get(json);
    try {
      RouterModel model = assemble(JSON.readValue(json, Header.class), buffer);
      if (buffer.remaining() != 4) {
        throw new ModelFormatException(
            "router model has " + (buffer.remaining() - 4) + " bytes too many" + REMEDY);
      }
      return model;
    } catch (IOException e) {
      throw new ModelFormatException("router model header is not readable JSON" + REMEDY, e);
    } catch (BufferUnderflowException e) {
      throw new ModelFormatException("router model ends inside a matrix" + REMEDY, e);
    } catch (IllegalArgumentException | ArithmeticException | NullPointerException e) {
      throw new ModelFormatException("router model is inconsistent: " + e.getMessage() + REMEDY, e);
    }
  }

  private static RouterModel assemble(Header header, ByteBuffer buffer) {
    MatrixReader matrices = new MatrixReader(header.matrices(), buffer);
    Matrix mean = matrices.next("mean");
    List<CellBank> banks = new ArrayList<>();
    for (BankHeader bank : header.banks()) {
      banks.add(
          new CellBank(
              bank.membership(),
              matrices.next("centroids." + banks.size()),
              bank.scale(),
              bank.weight()));
    }
    Matrix projection = matrices.optional("projection");
    Matrix embeddings = matrices.next("llmEmbeddings");
    Matrix easiness = matrices.optional("easiness");
    Matrix promise = matrices.optional("promise");
    Matrix subspace = header.guardThreshold() == null ? null : matrices.next("guard");
    SuccessHead head = head(matrices);
    Guard guard = null;
    if (subspace != null && header.guardThreshold() != null) {
      guard = new Guard(subspace, header.guardThreshold(), familiarity(header, buffer));
    }
    return new RouterModel(
        header.version(),
        EncoderId.parse(header.encoder()),
        header.llms(),
        new QueryFeatures(mean, header.normalise(), banks),
        projection,
        embeddings,
        header.sphere(),
        header.temperature(),
        new Calibration(
            header.slope(),
            header.intercept(),
            header.ease(),
            header.overall(),
            easiness,
            promise == null ? null : new SuccessPromise(promise)),
        guard,
        head,
        header.costs() == null ? null : header.costs().head(),
        header.report());
  }

  private static @Nullable Familiarity familiarity(Header header, ByteBuffer buffer) {
    Integer length = header.familiarityBytes();
    if (length == null) {
      return null;
    }
    if (length < 0 || length > buffer.remaining() - 4) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    buffer.get(bytes);
    return Familiarity.fromBytes(bytes);
  }

  private static @Nullable SuccessHead head(MatrixReader matrices) {
    Matrix edges = matrices.optional("head.edges");
    if (edges == null) {
      return null;
    }
    return new SuccessHead(
        edges,
        matrices.next("head.traitAxes"),
        matrices.next("head.words"),
        matrices.next("head.wordAxes"),
        matrices.next("head.llms"));
  }

  private static void add(
      String name,
      @Nullable Matrix matrix,
      List<MatrixReader.Shape> shapes,
      List<Matrix> matrices) {
    if (matrix != null) {
      shapes.add(new MatrixReader.Shape(name, matrix.rows(), matrix.columns()));
      matrices.add(matrix);
    }
  }

  private static byte[] toJson(Header header) {
    try {
      return JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a model header of strings and numbers is JSON", e);
    }
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
