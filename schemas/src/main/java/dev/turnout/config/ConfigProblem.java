package dev.turnout.config;

/**
 * One thing wrong with a configuration.
 *
 * @param where file and line, environment variable, or the place that is missing a value
 * @param message what is wrong and the remedy
 */
public record ConfigProblem(String where, String message) {
  @Override
  public String toString() {
    return where + ": " + message;
  }
}
