package dev.turnout.app;

/** Entry point of the one executable. */
public final class Turnout {
  private Turnout() {}

  public static void main(String[] args) {
    System.err.println("turnout");
  }
}
