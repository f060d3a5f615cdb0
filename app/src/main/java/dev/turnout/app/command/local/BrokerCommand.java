package dev.turnout.app.command.local;

import dev.turnout.local.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a Kafka broker. */
@Command(
    name = "broker",
    mixinStandardHelpOptions = true,
    description = {
      "Run a Kafka broker for a try-out: the quickstart's, in a process of its own.",
      "",
      "One node in KRaft mode without authentication, formatted at its first start. For more,"
          + " bring a Kafka cluster and set kafka.bootstrap.servers."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout broker --data broker",
      "  turnout broker --host 0.0.0.0 --advertised kafka:9092 --data /var/lib/turnout/kafka"
    })
public final class BrokerCommand extends LocalPartCommand {

  @Option(
      names = "--port",
      description = "Port for clients; 0 takes a free one. Default: ${DEFAULT-VALUE}.")
  private int port = 9092;

  @Option(
      names = "--advertised",
      paramLabel = "HOST:PORT",
      description = "Where clients reach it. Default: localhost and the port.")
  private @Nullable String advertised;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the log is kept. Default: a directory that goes with the process.")
  private @Nullable Path data;

  public BrokerCommand() {
    super("broker");
  }

  @Override
  AutoCloseable start(String host) {
    return EmbeddedBroker.start(
        new EmbeddedBroker.Settings(data, requirePort(port), Map.of(), host, advertised));
  }
}
