package dev.turnout.encoder;

import dev.turnout.encoder.minilm.MiniLmText;
import java.util.List;

/**
 * A transformer's vector beside the static encoder's, in one vector of both lengths. The two err on
 * different queries, and the static one costs next to nothing beside the transformer, so the pair
 * routes better out of distribution than either alone.
 *
 * <p>The static block weighs 4/3: the model subtracts the training mean, which takes more from the
 * static vectors than from the transformer's (mean length left on RouterDC's training queries: 0.70
 * against 0.94), and with this weight both count alike afterwards.
 */
final class HybridEncoder implements QueryEncoder {
  private static final float STATIC_WEIGHT = 4f / 3;
  private static final float LENGTH = (float) Math.sqrt(1 + STATIC_WEIGHT * STATIC_WEIGHT);

  private final QueryEncoder transformer;
  private final QueryEncoder statics;
  private final EncoderId id;

  /** Takes over both encoders and closes them with itself. */
  HybridEncoder(QueryEncoder transformer, QueryEncoder statics) {
    this.transformer = transformer;
    this.statics = statics;
    EncoderId first = transformer.id();
    EncoderId second = statics.id();
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.add(first + "; " + second + "; weight " + STATIC_WEIGHT);
    this.id =
        new EncoderId(
            first.name() + "+static", fingerprint.digest(), first.dimension() + second.dimension());
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
    float[][] first = transformer.encodeTokenized(texts);
    float[][] second = statics.encodeTokenized(texts);
    float[][] both = new float[first.length][id.dimension()];
    for (int i = 0; i < both.length; i++) {
      int split = first[i].length;
      for (int j = 0; j < split; j++) {
        both[i][j] = first[i][j] / LENGTH;
      }
      for (int j = 0; j < second[i].length; j++) {
        both[i][split + j] = second[i][j] * (STATIC_WEIGHT / LENGTH);
      }
    }
    return both;
  }

  @Override
  public void close() {
    transformer.close();
    statics.close();
  }
}
