package dev.turnout.app;

import dev.turnout.app.command.CheckCommand;
import dev.turnout.app.command.CommandProvider;
import dev.turnout.app.command.ConnectPluginCommand;
import dev.turnout.app.command.QuickstartCommand;
import dev.turnout.app.command.TopicsCommand;
import dev.turnout.app.command.acl.AclsCommand;
import dev.turnout.app.command.apply.ApplyCommand;
import dev.turnout.app.command.dlq.DlqCommand;
import dev.turnout.app.command.drill.DrillCommand;
import dev.turnout.app.command.export.ExportCommand;
import dev.turnout.app.command.key.KeysCommand;
import dev.turnout.app.command.llm.LlmsCommand;
import dev.turnout.app.command.local.BrokerCommand;
import dev.turnout.app.command.local.RegistryCommand;
import dev.turnout.app.command.local.SimulateLlmCommand;
import dev.turnout.app.command.model.ModelsCommand;
import dev.turnout.app.command.query.QueryCommand;
import dev.turnout.app.command.role.ConsoleCommand;
import dev.turnout.app.command.role.GatewayCommand;
import dev.turnout.app.command.role.GraderCommand;
import dev.turnout.app.command.role.LearnerCommand;
import dev.turnout.app.command.role.RouterCommand;
import dev.turnout.app.command.role.WorkerCommand;
import dev.turnout.app.command.tenant.TenantsCommand;
import dev.turnout.app.command.train.TrainCommand;
import dev.turnout.app.console.ErrorReport;
import dev.turnout.app.console.HelpGroups;
import dev.turnout.app.console.ProgramVersion;
import dev.turnout.app.console.Verbosity;
import java.util.List;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Spec;

/** Entry point of the one executable, and its root command. */
@Command(
    name = "turnout",
    description = {
      "Sends each question to the LLM that answers it best, inside Apache Kafka.",
      "",
      "Start with @|bold turnout quickstart|@: broker, router, LLMs and grader in one process,"
          + " nothing to install. @|bold turnout COMMAND --help|@ explains a command."
    },
    versionProvider = ProgramVersion.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed; one line on standard error says what, where and the remedy",
      "2:the command line was wrong",
      "130:stopped by Ctrl-C before it was done"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout quickstart                    watch queries being routed, live",
      "  turnout query \"Is 1009 prime?\"        route one of your own, next to it",
      "  turnout train --data DIR --out FILE   train a router on your own outcomes",
      "  turnout router --config turnout.yaml  run a router against your own Kafka",
      "",
      "With --json the last line of standard output is one JSON object; logs go to",
      "standard error."
    })
public final class Turnout implements Runnable {

  private static final List<HelpGroups.Group> GROUPS =
      List.of(
          new HelpGroups.Group(
              "See it work", List.of("quickstart", "query", "broker", "registry", "simulate-llm")),
          new HelpGroups.Group(
              "Train and judge routers on outcomes", List.of("export", "train", "eval", "replay")),
          new HelpGroups.Group(
              "Run the parts against your own Kafka",
              List.of("router", "learner", "worker", "grader", "gateway", "console")),
          new HelpGroups.Group(
              "Operate what is running",
              List.of(
                  "apply",
                  "llms",
                  "tenants",
                  "keys",
                  "models",
                  "dlq",
                  "topics",
                  "acls",
                  "check",
                  "drill",
                  "connect-plugin")),
          new HelpGroups.Group("Measure speed", List.of("bench")));

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** The configured command line: commands, help in groups, error reports, exit codes. */
  public static CommandLine commandLine() {
    CommandLine line =
        new CommandLine(new Turnout())
            .addSubcommand(new QuickstartCommand())
            .addSubcommand(new QueryCommand())
            .addSubcommand(new BrokerCommand())
            .addSubcommand(new RegistryCommand())
            .addSubcommand(new SimulateLlmCommand())
            .addSubcommand(new TopicsCommand())
            .addSubcommand(new RouterCommand())
            .addSubcommand(new LearnerCommand())
            .addSubcommand(new WorkerCommand())
            .addSubcommand(new GraderCommand())
            .addSubcommand(new GatewayCommand())
            .addSubcommand(new ConsoleCommand())
            .addSubcommand(new ApplyCommand())
            .addSubcommand(new LlmsCommand())
            .addSubcommand(new TenantsCommand())
            .addSubcommand(new KeysCommand())
            .addSubcommand(new ModelsCommand())
            .addSubcommand(new DlqCommand())
            .addSubcommand(new DrillCommand())
            .addSubcommand(new ExportCommand())
            .addSubcommand(TrainCommand.commandLine())
            .addSubcommand(new AclsCommand())
            .addSubcommand(new ConnectPluginCommand())
            .addSubcommand(new CheckCommand());
    for (CommandProvider more : ServiceLoader.load(CommandProvider.class)) {
      more.commands().forEach(line::addSubcommand);
    }
    line.setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setExecutionExceptionHandler(new ErrorReport())
        .setParameterExceptionHandler(new ErrorReport());
    line.addMixin("verbosity", new Verbosity());
    line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, new HelpGroups(GROUPS));
    return line;
  }

  public static void main(String[] args) {
    // Python's and Node's servers close idle connections after five seconds, and a request that is
    // sent just then is lost
    Object unusedOwn = System.getProperties().putIfAbsent("jdk.httpclient.keepalive.timeout", "4");
    System.exit(commandLine().execute(args));
  }
}
