package dev.turnout.app.command;

import dev.turnout.app.config.Configuration;
import dev.turnout.app.config.ExampleConfig;
import dev.turnout.app.config.SettingsTable;
import dev.turnout.app.console.JsonLine;
import dev.turnout.config.ConfigProblem;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.SettingValues;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reads a configuration and says all that is wrong with it. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Read a configuration, list everything wrong with it, or print an example.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:nothing is wrong", "1:there are problems; each is one line"},
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout check --example > turnout.yaml         every key, default and meaning",
      "  turnout check --table                          the same as Markdown tables",
      "  turnout check --config turnout.yaml            is it right?",
      "  turnout check --config turnout.yaml --connect  and does everything answer?"
    })
public final class CheckCommand implements Callable<Integer> {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML or properties file; without it the environment variables alone.")
  private @Nullable Path config;

  @Option(names = "--connect", description = "Also try the broker, the topics and the registry.")
  private boolean connect;

  @Option(names = "--example", description = "Print a configuration with every key and stop.")
  private boolean example;

  @Option(names = "--table", description = "Print every key as Markdown tables and stop.")
  private boolean table;

  @Option(names = "--json", description = "End with one JSON object: ok, problems.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (example || table) {
      out.print(example ? ExampleConfig.text() : SettingsTable.markdown());
      out.flush();
      return 0;
    }
    SettingValues values = Configuration.check(config, System.getenv(), Map.of());
    List<ConfigProblem> problems = new ArrayList<>(values.problems());
    if (connect) {
      problems.addAll(Reachability.problems(ConnectionSettings.from(values)));
    }
    problems.forEach(out::println);
    if (problems.isEmpty()) {
      out.println("Nothing is wrong" + (config == null ? "" : " with " + config) + ".");
    }
    if (json) {
      JsonLine.print(out, Map.of("ok", problems.isEmpty(), "problems", problems));
    }
    out.flush();
    return problems.isEmpty() ? 0 : 1;
  }
}
