package dev.turnout.app.console;

import dev.turnout.config.ConfigException;
import dev.turnout.dlq.DeadLetterFailureException;
import dev.turnout.kafka.AccessFailure;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns every failure into one line; {@code --verbose} adds the stack trace. */
public final class ErrorReport implements IExecutionExceptionHandler, IParameterExceptionHandler {

  @Override
  public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
    print(line, describe(failure));
    if (Verbosity.isVerbose(line)) {
      failure.printStackTrace(line.getErr());
    } else if (!(failure instanceof CommandFailure
        || failure instanceof DeadLetterFailureException
        || failure instanceof ConfigException)) {
      line.getErr().println("       (--verbose prints the stack trace)");
    }
    line.getErr().flush();
    return line.getCommandSpec().exitCodeOnExecutionException();
  }

  @Override
  public int handleParseException(ParameterException failure, String[] args) {
    CommandLine line = failure.getCommandLine();
    print(line, describe(failure));
    PrintWriter err = line.getErr();
    UnmatchedArgumentException.printSuggestions(failure, err);
    err.println("       Try: " + line.getCommandSpec().qualifiedName() + " --help");
    err.flush();
    return line.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static void print(CommandLine line, String message) {
    String text = line.getCommandSpec().qualifiedName() + ": " + message;
    line.getErr().println(line.getColorScheme().text(escape(text)));
  }

  private static String escape(String text) {
    // The colour scheme would read "@|...|@" inside a message as markup.
    return Ansi.OFF.string(text.replace("@|", "@ |"));
  }

  /** The messages of a failure and its causes on one line, each first line said once. */
  static String describe(Throwable failure) {
    StringBuilder text = new StringBuilder(messageOf(failure));
    Throwable cause = failure.getCause();
    for (int depth = 0; cause != null && depth < 4; depth++, cause = cause.getCause()) {
      String message = messageOf(cause);
      // a parser adds the place to what it says, on lines of its own
      if (text.indexOf(message.lines().findFirst().orElse("")) < 0) {
        text.append(": ").append(message);
      }
    }
    AccessFailure.remedy(failure).ifPresent(remedy -> text.append("; ").append(remedy));
    return text.toString().replaceAll("\\s*\\R\\s*", " ");
  }

  private static String messageOf(Throwable failure) {
    String message = failure.getMessage();
    if (message == null || message.isBlank()) {
      return failure
          .getClass()
          .getSimpleName()
          .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
          .toLowerCase(Locale.ROOT);
    }
    return message.strip();
  }
}
