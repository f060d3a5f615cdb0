package dev.turnout.train;

/** Hears how far a training run is. Called from the training thread. */
@FunctionalInterface
public interface Progress {

  /**
   * A stage moved on.
   *
   * @param stage what is being done, for people
   * @param fraction done share of that stage, 0..1
   */
  void report(String stage, double fraction);

  /** Ignores everything. */
  static Progress silent() {
    return (stage, fraction) -> {};
  }
}
