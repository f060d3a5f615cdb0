package dev.turnout.console.page;

/** Colours that stay with a name, whatever else is shown: classes {@code c0} to {@code c7}. */
public final class Tint {
  private static final int COLOURS = 8;

  private Tint() {}

  /** Class of a name's colour. */
  public static String of(String name) {
    return "c" + index(name);
  }

  /** Number of a name's colour. */
  public static int index(String name) {
    // the plain hash of short names that differ in their last letter has neighbours for neighbours
    return Math.floorMod((name.hashCode() * 0x9E3779B9) >>> 16, COLOURS);
  }
}
