package dev.turnout.lab.report;

import dev.turnout.lab.eval.EvaluationSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The evaluation as one self-contained HTML page. */
public final class EvaluationReport {
  private EvaluationReport() {}

  /** Writes {@code report.html} into the folder, which is made if missing. */
  public static Path write(EvaluationSummary summary, Path folder) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve("report.html");
    Files.writeString(file, ReportPage.of(summary));
    return file;
  }
}
