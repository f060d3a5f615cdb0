package dev.turnout.app.command;

import dev.turnout.app.console.JsonLine;
import dev.turnout.connect.PluginFolder;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the folder by which a Kafka Connect worker finds Turnout's connectors. */
@Command(
    name = "connect-plugin",
    mixinStandardHelpOptions = true,
    description = {
      "Write the plugin folder for Kafka Connect, which reads and writes files.",
      "",
      "Its connectors read queries and grades from files and write decisions with their outcomes"
          + " and grades to files; its converter is what stock connectors read Turnout's topics"
          + " with."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout connect-plugin --out /opt/connect/plugins/turnout",
      "      then plugin.path=/opt/connect/plugins in the worker's configuration"
    })
public final class ConnectPluginCommand implements Callable<Integer> {

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder to write, one of the worker's plugin.path.")
  private Path folder = Path.of("turnout");

  @Option(names = "--json", description = "End with one JSON object: files.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<String> files =
        PluginFolder.write(folder).stream().map(file -> file.getFileName().toString()).toList();
    out.println(
        "Wrote "
            + files.size()
            + " jars to "
            + folder
            + "; name its parent in the worker's plugin.path and restart the worker.");
    if (json) {
      JsonLine.print(out, Map.of("files", files));
    }
    out.flush();
    return 0;
  }
}
