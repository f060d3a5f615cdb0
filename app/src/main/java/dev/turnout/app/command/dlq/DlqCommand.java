package dev.turnout.app.command.dlq;

import dev.turnout.app.command.ActionsCommand;
import dev.turnout.app.command.Connection;
import dev.turnout.app.command.ConnectionOptions;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.dlq.DeadLetterTopic;
import dev.turnout.dlq.Letter;
import dev.turnout.dlq.LetterContent;
import dev.turnout.dlq.LetterPosition;
import dev.turnout.dlq.LetterSelection;
import dev.turnout.dlq.OriginalRecord;
import dev.turnout.dlq.Resolution;
import dev.turnout.topic.DeadLetterState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Lists, shows, replays and drops dead letters. */
@Command(
    name = "dlq",
    mixinStandardHelpOptions = true,
    description = {
      "See what Turnout refused, why and where from; send it again, or give it up.",
      "",
      "A record that nobody can use, e.g. a query that is too large or a grade without its"
          + " decision, becomes a dead letter on the topic turnout.dlq, and the stream goes on."
          + " Mend the cause, then replay the letter: its record goes back to the topic it came"
          + " from, as it was, exactly once. A record that is refused again is a new letter."
    },
    synopsisSubcommandLabel = "ACTION",
    commandListHeading = "%nActions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout dlq list                            what waits, the latest last",
      "  turnout dlq list --reason TOO_LARGE --since 2h",
      "  turnout dlq show 0:17                       headers and content of one",
      "  turnout dlq replay 0:17 --dry-run           what would be sent where",
      "  turnout dlq replay --reason NO_LLM          all of a kind",
      "  turnout dlq drop 0:17                       nothing is to become of it"
    })
public final class DlqCommand extends ActionsCommand {

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = {
        "List dead letters: position, time, state, reason, stage, origin, query id and size.",
        "",
        "WAITING ones unless --state says otherwise; REPLAYED and DROPPED ones were dealt with.",
        "The query id comes from the record if it can be read, else it is the record's key."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  turnout dlq list --stage worker",
        "  turnout dlq list --state all --limit 1000 --json"
      })
  void list(
      @Mixin ConnectionOptions options,
      @Mixin SelectionOptions selection,
      @Option(
              names = "--state",
              paramLabel = "STATE",
              defaultValue = "waiting",
              description = "waiting, replayed, dropped or all. Default: ${DEFAULT-VALUE}.")
          String state,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "50",
              description = "Most letters to print, the latest. Default: ${DEFAULT-VALUE}.")
          int limit,
      @Option(
              names = "--json",
              description =
                  "End with one JSON object: letters, selected, waiting, replayed, dropped,"
                      + " waiting_by_reason.")
          boolean json) {
    if (limit < 1) {
      throw selection.misused("--limit must be at least 1");
    }
    LetterSelection wanted = selection.selection(List.of(), state(state, selection));
    Connection connection = options.open();
    LetterListing listing =
        LetterListing.of(topic(connection), wanted, new LetterContent(connection.serde()), limit);
    answer(listing.text(), json, listing::json);
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = {
        "Show one dead letter: its headers, and its value as JSON or else its first bytes.",
        "",
        "Of a record that is too large to carry, the letter holds a reference: topic, partition,"
            + " offset, size, digest and the first bytes."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  turnout dlq show 0:17",
        "  turnout dlq show 0:17 --raw record.bin      the value as it was published"
      })
  void show(
      @Parameters(
              paramLabel = "POSITION",
              converter = PositionConverter.class,
              description = "As turnout dlq list prints it.")
          LetterPosition position,
      @Mixin ConnectionOptions options,
      @Option(
              names = "--raw",
              paramLabel = "FILE",
              description = "Write the refused value to a file, byte for byte.")
          @Nullable Path raw,
      @Option(names = "--json", description = "End with one JSON object, the letter.")
          boolean json) {
    Connection connection = options.open();
    Letter letter = topic(connection).at(position);
    LetterDetails details = new LetterDetails(letter, new LetterContent(connection.serde()));
    answer(details.text(), json, details::json);
    if (raw != null) {
      write(raw, value(connection, letter));
    }
  }

  @Command(
      name = "replay",
      mixinStandardHelpOptions = true,
      description = {
        "Send refused records back to the topic and partition they came from, each exactly once.",
        "",
        "Bytes, key and the producer's own headers are as they were; the header"
            + " turnout.dlq.replays counts the replays. Records and the note that they were"
            + " replayed are one transaction: a command that is killed has replayed a letter or"
            + " has not, and the same command again does what is left. A letter that was dealt"
            + " with before is left alone. Where a letter only refers to its record, the record"
            + " must still be on its topic.",
        "",
        "A deadline that has passed has passed for a replayed query too."
      },
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:nothing is left to do",
        "1:a letter could not be replayed; its line says why"
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  turnout dlq replay 0:17 0:18",
        "  turnout dlq replay --reason TOO_LARGE --dry-run",
        "  turnout dlq replay --all --limit 1000"
      })
  int replay(
      @Parameters(
              paramLabel = "POSITION",
              arity = "0..*",
              converter = PositionConverter.class,
              description = "As turnout dlq list prints them.")
          @Nullable List<LetterPosition> positions,
      @Mixin ConnectionOptions options,
      @Mixin SelectionOptions selection,
      @Option(names = "--all", description = "All that wait.") boolean all,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "9223372036854775807",
              description = "Most letters to replay, the oldest. Default: no limit.")
          long limit,
      @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
          boolean dryRun,
      @Option(
              names = "--json",
              description = "End with one JSON object: replayed, before, failed, dry_run.")
          boolean json) {
    return resolve(
        DeadLetterState.REPLAYED, positions, options, selection, all, limit, dryRun, json);
  }

  @Command(
      name = "drop",
      mixinStandardHelpOptions = true,
      description = {
        "Give letters up: they no longer wait, and no replay sends them.",
        "",
        "They stay on the topic, and in turnout dlq list --state dropped, as long as it keeps them."
      },
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:nothing is left to do",
        "1:a letter could not be dropped; its line says why"
      },
      footerHeading = "%nExamples:%n",
      footer = {"  turnout dlq drop 0:17", "  turnout dlq drop --reason NOT_TEXT"})
  int drop(
      @Parameters(
              paramLabel = "POSITION",
              arity = "0..*",
              converter = PositionConverter.class,
              description = "As turnout dlq list prints them.")
          @Nullable List<LetterPosition> positions,
      @Mixin ConnectionOptions options,
      @Mixin SelectionOptions selection,
      @Option(names = "--all", description = "All that wait.") boolean all,
      @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
          boolean dryRun,
      @Option(
              names = "--json",
              description = "End with one JSON object: dropped, before, failed, dry_run.")
          boolean json) {
    return resolve(
        DeadLetterState.DROPPED, positions, options, selection, all, Long.MAX_VALUE, dryRun, json);
  }

  private int resolve(
      DeadLetterState target,
      @Nullable List<LetterPosition> named,
      ConnectionOptions options,
      SelectionOptions selection,
      boolean all,
      long limit,
      boolean dryRun,
      boolean json) {
    List<LetterPosition> positions = named == null ? List.of() : named;
    if (positions.isEmpty() && selection.areEmpty() && !all) {
      throw selection.misused(
          "say which: positions as turnout dlq list prints them, --reason, --stage, --topic,"
              + " --since, or --all");
    }
    if (all && !(positions.isEmpty() && selection.areEmpty())) {
      throw selection.misused("--all goes with neither positions nor other restrictions");
    }
    if (limit < 1) {
      throw selection.misused("--limit must be at least 1");
    }
    LetterSelection wanted = selection.selection(positions, null);
    Connection connection = options.open();
    ResolutionReport report = new ResolutionReport(out(), target, dryRun);
    Resolution.run(connection.client(), connection.topics(), wanted, target, limit, dryRun, report);
    answer(report.summary(), json, report::json);
    return report.exitCode();
  }

  private static DeadLetterTopic topic(Connection connection) {
    return new DeadLetterTopic(connection.client(), connection.topics().dlq());
  }

  private static @Nullable DeadLetterState state(String text, SelectionOptions selection) {
    if (text.equalsIgnoreCase("all")) {
      return null;
    }
    try {
      return DeadLetterState.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw selection.misused("--state " + text + ": expected waiting, replayed, dropped or all");
    }
  }

  private static byte[] value(Connection connection, Letter letter) {
    byte[] value = letter.record().value();
    if (value == null && letter.omitted().contains("value")) {
      value =
          OriginalRecord.find(connection.client(), letter)
              .orElseThrow(() -> new CommandFailure(OriginalRecord.gone(letter)))
              .value();
    }
    if (value == null) {
      throw new CommandFailure("the refused record has no value, so there is nothing to write");
    }
    return value;
  }

  private static void write(Path file, byte[] value) {
    try {
      Files.write(file, value);
    } catch (IOException e) {
      throw new CommandFailure("--raw: " + file + " cannot be written", e);
    }
  }

  /** Reads positions. */
  static final class PositionConverter implements ITypeConverter<LetterPosition> {
    @Override
    public LetterPosition convert(String text) {
      try {
        return LetterPosition.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
