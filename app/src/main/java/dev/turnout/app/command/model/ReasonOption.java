package dev.turnout.app.command.model;

import picocli.CommandLine.Option;

/** Why an operator changes what serves. */
final class ReasonOption {

  @Option(names = "--reason", description = "Why, for the record.", defaultValue = "by hand")
  private String text = "by hand";

  String text() {
    return text;
  }
}
