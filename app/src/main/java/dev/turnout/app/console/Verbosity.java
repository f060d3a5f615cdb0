package dev.turnout.app.console;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The {@code --verbose} option, understood by every command. */
public final class Verbosity {

  private static final String NAME = "--verbose";

  @Option(
      names = {"-v", NAME},
      scope = ScopeType.INHERIT,
      description = "Log more to standard error, and print stack traces.")
  void raise(boolean verbose) {
    if (verbose) {
      level(org.slf4j.Logger.ROOT_LOGGER_NAME, Level.INFO);
      level("dev.turnout", Level.DEBUG);
      level("org.apache.kafka", Level.INFO);
    }
  }

  /** Lets our own classes log what they do, as a role that runs for months should. */
  public static void tellOurs() {
    if (LoggerFactory.getLogger("dev.turnout") instanceof Logger logger
        && !logger.isInfoEnabled()) {
      logger.setLevel(Level.INFO);
    }
  }

  static boolean isVerbose(CommandLine line) {
    for (CommandLine at = line; at != null; at = at.getParent()) {
      var parsed = at.getParseResult();
      if (parsed != null && parsed.hasMatchedOption(NAME)) {
        return true;
      }
    }
    return false;
  }

  private static void level(String name, Level level) {
    if (LoggerFactory.getLogger(name) instanceof Logger logger) {
      logger.setLevel(level);
    }
  }
}
