package dev.turnout.app.command;

import dev.turnout.app.config.Configuration;
import dev.turnout.app.config.ExampleConfig;
import dev.turnout.app.config.SettingsTable;
import dev.turnout.app.console.JsonLine;
import dev.turnout.config.ConfigProblem;
import dev.turnout.config.ConnectionSettings;
import dev.turnout.config.SettingValues;
import dev.turnout.dlq.DeadLetterTopic;
import dev.turnout.topic.DeadLetterState;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
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

  @Option(
      names = "--json",
      description = "End with one JSON object: ok, problems, dead_letters_waiting.")
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
    long waiting = 0;
    if (connect) {
      ConnectionSettings connection = ConnectionSettings.from(values);
      problems.addAll(Reachability.problems(connection));
      waiting = problems.isEmpty() ? deadLetters(connection, out) : 0;
    }
    problems.forEach(out::println);
    if (problems.isEmpty()) {
      out.println("Nothing is wrong" + (config == null ? "" : " with " + config) + ".");
    }
    if (json) {
      JsonLine.print(
          out,
          Map.of("ok", problems.isEmpty(), "problems", problems, "dead_letters_waiting", waiting));
    }
    out.flush();
    return problems.isEmpty() ? 0 : 1;
  }

  /** Tells how many dead letters wait, which is no fault of the configuration. */
  private static long deadLetters(ConnectionSettings connection, PrintWriter out) {
    String topic = connection.topics().dlq();
    LongAdder waiting = new LongAdder();
    try {
      new DeadLetterTopic(connection.kafka(), topic)
          .read(
              letter -> {
                if (letter.state() == DeadLetterState.WAITING) {
                  waiting.increment();
                }
              });
    } catch (UnknownTopicOrPartitionException notYet) {
      return 0;
    }
    if (waiting.sum() > 0) {
      out.println(
          "%,d dead letters wait on %s; turnout dlq list says why".formatted(waiting.sum(), topic));
    }
    return waiting.sum();
  }
}
