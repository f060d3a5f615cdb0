package dev.turnout.app.config;

/** A value that must not reach a log or a screen. */
public record Secret(String value) {
  @Override
  public String toString() {
    return "(secret)";
  }
}
