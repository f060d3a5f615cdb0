package dev.turnout.app.command.dlq;

import dev.turnout.config.SettingKind;
import dev.turnout.dlq.LetterPosition;
import dev.turnout.dlq.LetterSelection;
import dev.turnout.topic.DeadLetterState;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that say which letters are meant; all given must hold. */
public final class SelectionOptions {

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      description = "Refused for this reason, e.g. TOO_LARGE.")
  private @Nullable String reason;

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      description = "Refused by this part of Turnout, e.g. worker.")
  private @Nullable String stage;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Refused records of this topic, e.g. turnout.queries.")
  private @Nullable String topic;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Not older than this: a duration, e.g. 2h, or a time, 2026-01-31T12:00:00Z.")
  private @Nullable String since;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** Whether nothing restricts the letters. */
  boolean areEmpty() {
    return reason == null && stage == null && topic == null && since == null;
  }

  /**
   * The letters that are meant.
   *
   * @param positions as given on the command line; empty for all
   * @param state null for any
   */
  LetterSelection selection(Collection<LetterPosition> positions, @Nullable DeadLetterState state) {
    return new LetterSelection(
        Set.copyOf(positions), state, reason, stage, topic, since == null ? null : time(since));
  }

  /** What to throw if the command line is wrong. */
  ParameterException misused(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  private Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException noTime) {
      try {
        return Instant.now().minus(SettingKind.DURATION.read(text));
      } catch (IllegalArgumentException | ArithmeticException | DateTimeException noDuration) {
        throw misused(
            "--since "
                + text
                + ": expected a duration such as 30m, 2h or 7d, or a time such as"
                + " 2026-01-31T12:00:00Z");
      }
    }
  }
}
