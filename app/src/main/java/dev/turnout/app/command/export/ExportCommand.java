package dev.turnout.app.command.export;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.turnout.app.command.Connection;
import dev.turnout.app.command.ConnectionOptions;
import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.console.JsonLine;
import dev.turnout.app.console.ProgressOutput;
import dev.turnout.config.SettingKind;
import dev.turnout.connect.rows.RowFile;
import dev.turnout.connect.rows.RowFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes what was graded as an outcomes data set. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Write the graded queries since a moment into a file that turnout train and eval read.",
      "",
      "One row a query: its text, the grades of the LLMs that answered it (mean over the graders)"
          + " and what the answers cost. Queries whose text the queries topic retains no more are"
          + " counted and left out."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout export --from 168h --to outcomes/week.jsonl",
      "  turnout export --from 2026-01-31 --to january.parquet --config turnout.yaml",
      "  turnout train --check outcomes",
      "",
      "JSON keys: queries, grades, without_text, file."
    })
public final class ExportCommand implements Callable<Integer> {

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(
      names = "--from",
      required = true,
      paramLabel = "TIME",
      description =
          "Grades from this moment on: 2026-01-31, 2026-01-31T12:00:00Z, or so long ago, e.g. 24h.")
  @SuppressWarnings("NullAway.Init")
  private String from;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FILE",
      description = "File to write, which train and eval read: *.jsonl or *.parquet.")
  @SuppressWarnings("NullAway.Init")
  private Path to;

  @Option(names = "--json", description = "Print one JSON object as the last line.")
  private boolean json;

  @Spec private CommandSpec spec;

  private record Report(
      @JsonUnwrapped OutcomeExport.Exported exported, @JsonProperty("file") String file) {}

  @Override
  public Integer call() {
    Instant since = moment(from, Instant.now());
    RowFormat format = format();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter progress = ProgressOutput.of(spec.commandLine(), json);
    Connection open = connection.open();
    OutcomeExport export =
        new OutcomeExport(
            open,
            since,
            step -> {
              progress.println("export: " + step);
              progress.flush();
            });
    OutcomeExport.Exported exported = write(export, format);
    if (exported.queries() == 0) {
      out.println("no graded query since " + since + " has a text; the file is empty");
    }
    out.printf(
        Locale.ROOT,
        "%,d queries with %,d grades written to %s; %,d graded queries have no text any more%n",
        exported.queries(),
        exported.grades(),
        to,
        exported.withoutText());
    if (json) {
      JsonLine.print(out, new Report(exported, to.toString()));
    }
    out.flush();
    return 0;
  }

  /** Writes beside the file first, so that a half one never stands in its place. */
  private OutcomeExport.Exported write(OutcomeExport export, RowFormat format) {
    Path target = to.toAbsolutePath();
    Path unfinished = target.resolveSibling(target.getFileName() + ".unfinished");
    try {
      Path folder = target.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      OutcomeExport.Exported exported;
      try (RowFile file = format.create(unfinished, OutcomeRow.SCHEMA)) {
        exported = export.to(file);
      }
      Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING);
      return exported;
    } catch (IOException | UncheckedIOException e) {
      throw new CommandFailure("--to " + to + " cannot be written: " + e.getMessage(), e);
    } finally {
      try {
        Files.deleteIfExists(unfinished);
      } catch (IOException left) {
        spec.commandLine().getErr().println("left behind: " + unfinished);
      }
    }
  }

  private RowFormat format() {
    String name = String.valueOf(to.getFileName()).toLowerCase(Locale.ROOT);
    return Arrays.stream(RowFormat.values())
        .filter(each -> name.endsWith("." + each.extension()))
        .findFirst()
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(), "--to " + to + " must end with .jsonl or .parquet"));
  }

  /** The moment of a date, a date with time, or a duration ago. */
  private Instant moment(String text, Instant now) {
    try {
      if (text.contains("T")) {
        return Instant.parse(text);
      }
      if (text.contains("-")) {
        return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      }
      return now.minus(SettingKind.DURATION.read(text));
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--from " + text + " is no moment such as 2026-01-31, 2026-01-31T12:00:00Z or 24h",
          e);
    }
  }
}
