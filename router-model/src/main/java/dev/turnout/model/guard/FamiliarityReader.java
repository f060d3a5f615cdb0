package dev.turnout.model.guard;

import org.jspecify.annotations.Nullable;

/** Measures queries against one {@link Familiarity}; scratch space, confined to one thread. */
public final class FamiliarityReader {
  /** Factor on projections, so that they spread like the logarithm beside them. */
  private static final double SPREAD = 5;

  private final Familiarity familiarity;
  private final TextTrace trace = new TextTrace();
  private final double[] statistics = new double[TextFamiliarity.DIMENSIONS];
  private final double[] point;
  private final float[] axes;
  private final float[] textAxes = new float[TextFamiliarity.DIMENSIONS];
  private final double[] nearest;
  private final double[][] spaces;

  public FamiliarityReader(Familiarity familiarity) {
    this.familiarity = familiarity;
    this.point = new double[familiarity.vectors().dimension()];
    this.axes = new float[point.length];
    TextFamiliarity text = familiarity.text();
    int groups =
        Math.max(familiarity.byVector().groups(), text == null ? 0 : text.scale().groups());
    this.nearest = new double[groups];
    this.spaces = new double[groups][Strangeness.SPACES];
  }

  /**
   * Distance of a query: 0 is usual, more than 1 out of distribution.
   *
   * @param along projections of the centred vector on the guard's subspace
   * @param outside squared length of what lies outside of it
   * @param text null measures the vector alone
   */
  public double distance(float[] along, double outside, @Nullable String text) {
    point(along, outside, point);
    familiarity.vectors().distances(point, axes, nearest);
    for (int g = 0; g < nearest.length; g++) {
      spaces[g][Strangeness.VECTOR] = nearest[g];
    }
    TextFamiliarity texts = familiarity.text();
    if (texts == null || text == null) {
      return familiarity.byVector().distance(spaces, 1);
    }
    trace.read(text);
    LanguageStatistics.write(texts.language(), trace, statistics);
    System.arraycopy(trace.surface(), 0, statistics, LanguageStatistics.COUNT, TextTrace.SURFACE);
    texts.mixture().distances(statistics, textAxes, nearest);
    for (int g = 0; g < nearest.length; g++) {
      spaces[g][Strangeness.TEXT] = nearest[g];
      TextFamiliarity.single(statistics, spaces[g]);
    }
    return texts.scale().distance(spaces, Strangeness.SPACES);
  }

  /**
   * What the mixture over vectors takes.
   *
   * @param out {@code double[along.length + 1]}
   */
  public static void point(float[] along, double outside, double[] out) {
    for (int i = 0; i < along.length; i++) {
      out[i] = SPREAD * along[i];
    }
    out[along.length] = Math.log(Math.max(0, outside) + 1e-3);
  }
}
