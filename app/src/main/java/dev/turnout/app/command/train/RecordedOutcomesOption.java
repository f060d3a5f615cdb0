package dev.turnout.app.command.train;

import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.data.OutcomeDataException;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.read.OutcomeDatasets;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which recorded outcomes a command reads. */
public final class RecordedOutcomesOption {

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description =
          "Recorded outcomes: a folder in RouterDC's layout (train/*.json, test/*.json,"
              + " ood/*.json), or with *.jsonl[.gz], or with RouterBench *.csv[.gz].")
  @SuppressWarnings("NullAway.Init")
  private Path data;

  /** Where they are. */
  public Path path() {
    return data;
  }

  /**
   * Reads them.
   *
   * @throws CommandFailure if they cannot be read, with file, place and remedy
   */
  public OutcomeDataset read() {
    try {
      return OutcomeDatasets.read(data);
    } catch (OutcomeDataException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }
}
