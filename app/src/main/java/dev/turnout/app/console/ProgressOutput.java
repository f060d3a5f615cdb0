package dev.turnout.app.console;

import java.io.PrintWriter;
import picocli.CommandLine;

/** Where a command tells, line by line, how far it is. */
public final class ProgressOutput {

  private ProgressOutput() {}

  /** Standard output, unless a program reads that: then standard error. */
  public static PrintWriter of(CommandLine line, boolean json) {
    return json ? line.getErr() : line.getOut();
  }
}
