package dev.turnout.lab.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.turnout.app.console.JsonLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * A benchmark on the command line: tells on standard error what it is doing, prints a table, and
 * writes figures and chart where asked to.
 *
 * @param <M> what is measured, a record that Jackson can write
 */
public abstract class BenchmarkCommand<M> implements Callable<Integer> {

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Write NAME.json and the chart NAME.svg of the benchmark NAME into this folder.")
  private @Nullable Path out;

  @Option(
      names = "--json",
      description = "End with one JSON object; its keys stand at the end of this help.")
  private boolean json;

  @Spec private CommandSpec spec;

  /** Refuses options that make no sense, by {@link #refused}. */
  protected abstract void check();

  /**
   * Measures.
   *
   * @param progress told in words what is happening
   */
  protected abstract M measure(Consumer<String> progress) throws InterruptedException;

  /** Prints what was measured for people. */
  protected abstract void print(PrintWriter console, M measured);

  /** Draws what was measured into an SVG file. */
  protected abstract void draw(M measured, Path file) throws IOException;

  /** What to throw for options that make no sense. */
  protected final ParameterException refused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  @Override
  public final Integer call() throws IOException, InterruptedException {
    check();
    PrintWriter console = spec.commandLine().getOut();
    PrintWriter progress = spec.commandLine().getErr();
    M measured =
        measure(
            step -> {
              progress.println("bench " + spec.name() + ": " + step);
              progress.flush();
            });
    print(console, measured);
    if (out != null) {
      write(measured, out, console);
    }
    if (json) {
      JsonLine.print(console, measured);
    }
    console.flush();
    return 0;
  }

  private void write(M measured, Path folder, PrintWriter console) throws IOException {
    Files.createDirectories(folder);
    Path chart = folder.resolve(spec.name() + ".svg");
    Path figures = folder.resolve(spec.name() + ".json");
    draw(measured, chart);
    JsonMapper.builder()
        .build()
        .writerWithDefaultPrettyPrinter()
        .writeValue(figures.toFile(), measured);
    console.println("Written: " + figures + ", " + chart);
  }
}
