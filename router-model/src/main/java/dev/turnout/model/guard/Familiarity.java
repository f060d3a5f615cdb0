package dev.turnout.model.guard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the training queries look like. Immutable.
 *
 * <p>A query is measured in several spaces, since each kind of stranger shows in another: foreign
 * subjects in the vector, foreign layout and language in the statistics of the text, shuffled
 * letters in the characters, shuffled words in the order. Likelihoods are those of Gaussians per
 * group of training tasks. All references are taken on training queries that were held out when
 * they were made, so that new queries of the same kind pass at the stated rate.
 *
 * @param vectors mixture over the projections on the guard's subspace and what lies outside of it
 * @param byVector scale of the vector's distances alone
 * @param text what the texts look like; null where the training had no texts
 */
public record Familiarity(Mixture vectors, Strangeness byVector, @Nullable TextFamiliarity text) {
  private static final int VERSION = 1;

  public Familiarity {
    require(vectors.groups() <= byVector.groups(), "groups of vectors");
    if (text != null) {
      require(
          text.mixture().dimension() == TextFamiliarity.DIMENSIONS
              && text.mixture().groups() <= text.scale().groups()
              && vectors.groups() <= text.scale().groups(),
          "dimensions or groups of texts");
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("the guard is inconsistent in its " + what);
    }
  }

  /** Reads what {@link #toBytes()} wrote. */
  public static Familiarity fromBytes(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int version = in.getInt();
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "the guard has version " + version + ", this build reads " + VERSION);
    }
    boolean texts = in.getInt() != 0;
    Mixture vectors = Mixture.read(in);
    Strangeness byVector = Strangeness.read(in);
    TextFamiliarity text =
        texts
            ? new TextFamiliarity(LanguageTables.read(in), Mixture.read(in), Strangeness.read(in))
            : null;
    require(!in.hasRemaining(), "length");
    return new Familiarity(vectors, byVector, text);
  }

  /** Little-endian, without a name. */
  public byte[] toBytes() {
    int size = 8 + vectors.bytes() + byVector.bytes();
    if (text != null) {
      size += LanguageTables.bytes() + text.mixture().bytes() + text.scale().bytes();
    }
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(VERSION).putInt(text == null ? 0 : 1);
    vectors.write(out);
    byVector.write(out);
    if (text != null) {
      text.language().write(out);
      text.mixture().write(out);
      text.scale().write(out);
    }
    return out.array();
  }

  /** By what is written: tables and mixtures hold arrays. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Familiarity that && Arrays.equals(toBytes(), that.toBytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(toBytes());
  }
}
