package dev.turnout.encoder.statictokens;

import dev.turnout.encoder.EncoderException;
import dev.turnout.encoder.EncoderId;
import dev.turnout.encoder.Fingerprint;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.encoder.minilm.MiniLm;
import dev.turnout.encoder.minilm.MiniLmText;
import dev.turnout.encoder.onnx.OnnxTensor;
import dev.turnout.encoder.wordpiece.TokenIds;
import dev.turnout.encoder.wordpiece.WordPieceVocabulary;
import dev.turnout.math.Vectors;
import java.util.List;

/**
 * Encodes a query as the frequency-weighted mean of its tokens' embeddings, taken from the input
 * layer of all-MiniLM-L6-v2 and centred on the vocabulary's mean. No transformer and no native
 * library: some ten microseconds a query and 47 MB of heap. Any number of threads may encode at
 * once without waiting for each other.
 */
public final class StaticEncoder implements QueryEncoder {
  /** Tokens kept of a long text when the settings leave it open. */
  public static final int DEFAULT_MAX_TOKENS = 512;

  private final EncoderId id;
  private final int unknown;
  private final TokenTable table;
  private final int maxTokens;

  private StaticEncoder(EncoderId id, int unknown, TokenTable table, int maxTokens) {
    this.id = id;
    this.unknown = unknown;
    this.table = table;
    this.maxTokens = maxTokens;
  }

  /**
   * Reads vocabulary and token embeddings of all-MiniLM-L6-v2 from the class path.
   *
   * @param maxTokens tokens kept of a long text
   * @throws EncoderException if the artefact is missing or damaged
   */
  public static StaticEncoder open(int maxTokens) {
    Fingerprint fingerprint = new Fingerprint();
    WordPieceVocabulary vocabulary = MiniLm.vocabulary(fingerprint);
    OnnxTensor embeddings = MiniLm.tokenEmbeddings(fingerprint);
    fingerprint.add(
        "mean of tokens; a=%s; zipf by rank; vocabulary mean; head+tail %d"
            .formatted(TokenTable.SMOOTHING, maxTokens));
    int dimension = embeddings.shape().get(1);
    TokenTable table =
        TokenTable.of(embeddings.toFloatArray(), dimension, TokenFrequencies.estimate(vocabulary));
    return new StaticEncoder(
        new EncoderId(MiniLm.NAME + "-static", fingerprint.digest(), dimension),
        vocabulary.unknown(),
        table,
        maxTokens);
  }

  @Override
  public EncoderId id() {
    return id;
  }

  @Override
  public float[][] encode(List<String> texts) {
    return encodeTokenized(MiniLmText.of(texts));
  }

  @Override
  public float[][] encodeTokenized(List<MiniLmText> texts) {
    float[][] vectors = new float[texts.size()][table.dimension()];
    TokenIds ids = new TokenIds();
    for (int i = 0; i < vectors.length; i++) {
      ids.clear();
      ids.addAll(texts.get(i).tokens());
      ids.keepHeadAndTail(maxTokens);
      if (ids.size() == 0) {
        ids.add(unknown);
      }
      table.addAll(ids, vectors[i]);
      Vectors.normalise(vectors[i]);
    }
    return vectors;
  }

  @Override
  public void close() {}
}
