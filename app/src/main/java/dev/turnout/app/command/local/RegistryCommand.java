package dev.turnout.app.command.local;

import dev.turnout.local.registry.InProcessRegistry;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs a schema registry. */
@Command(
    name = "registry",
    mixinStandardHelpOptions = true,
    description = {
      "Run a schema registry for a try-out: the quickstart's, in a process of its own.",
      "",
      "One process without authentication, whose schemas are in one file. For more, bring a"
          + " registry that replicates, e.g. Apicurio, and set registry.url."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout registry --file schemas.json",
      "  turnout registry --host 0.0.0.0 --port 8081 --file /var/lib/turnout/schemas.json"
    })
public final class RegistryCommand extends LocalPartCommand {

  @Option(
      names = "--port",
      description = "Port of the registry; 0 takes a free one. Default: ${DEFAULT-VALUE}.")
  private int port = 8081;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Where schemas and their ids are kept. Default: in memory only.")
  private @Nullable Path file;

  public RegistryCommand() {
    super("registry");
  }

  @Override
  AutoCloseable start(String host) {
    return InProcessRegistry.start(host, requirePort(port), file);
  }
}
