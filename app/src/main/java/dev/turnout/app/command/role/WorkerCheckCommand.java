package dev.turnout.app.command.role;

import dev.turnout.app.console.CommandFailure;
import dev.turnout.app.console.JsonLine;
import dev.turnout.config.SettingKind;
import dev.turnout.config.SettingValues;
import dev.turnout.llm.catalogue.KnownModel;
import dev.turnout.llm.catalogue.ModelCatalogue;
import dev.turnout.llm.check.EndpointCheck;
import dev.turnout.llm.check.ListedModels;
import dev.turnout.llm.http.Dialect;
import dev.turnout.llm.http.LlmEndpoint;
import dev.turnout.topic.LogText;
import dev.turnout.worker.WorkerSettings;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Tries the endpoint of a worker's LLM; needs no Kafka. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description =
        "Ask the LLM's endpoint one small question, whole, in pieces and with a tool, and say what"
            + " was found. Needs no Kafka. Costs three short answers.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:the LLM answers, also in pieces", "1:it does not; the report says why"},
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout worker --set worker.url=http://localhost:8000/v1 check",
      "  turnout worker check --config turnout.yaml --json"
    })
public final class WorkerCheckCommand implements Callable<Integer> {

  private static final int MOST_NAMED = 10;

  @ParentCommand private WorkerCommand worker;

  @Option(
      names = "--json",
      description = "End with one JSON object: ok, model, dialect, questions, refused_parameters.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    SettingValues values = worker.values();
    String named = WorkerSettings.llms(values).stream().findFirst().orElse("");
    LlmEndpoint configured = WorkerSettings.endpoint(values, named);
    PrintWriter out = spec.commandLine().getOut();
    ListedModels models = EndpointCheck.models(configured);
    LlmEndpoint endpoint = priced(withModel(configured, models));
    CheckLines lines = new CheckLines(endpoint, models);
    lines.head().forEach(line -> out.println(LogText.visible(line)));
    out.flush();
    EndpointCheck.Report report = EndpointCheck.ask(endpoint);
    lines.questions(report).forEach(line -> out.println(LogText.visible(line)));
    if (json) {
      JsonLine.print(out, lines.json(report));
    }
    out.flush();
    return report.serves() ? 0 : 1;
  }

  /** The first model that is listed where none is named. */
  private static LlmEndpoint withModel(LlmEndpoint endpoint, ListedModels models) {
    if (!endpoint.model().isEmpty()) {
      return endpoint.llm().isEmpty()
          ? endpoint.withModel(endpoint.model(), endpoint.model())
          : endpoint;
    }
    if (models.ids().isEmpty()) {
      throw new CommandFailure(
          "worker.model is not set, and "
              + LlmEndpoint.withoutSecrets(endpoint.baseUrl())
              + " lists no models ("
              + Optional.ofNullable(models.problem()).orElse("its list is empty")
              + "); check worker.url, most end in /v1, or set worker.model");
    }
    String first = models.ids().get(0);
    return endpoint.withModel(first, first);
  }

  private static LlmEndpoint priced(LlmEndpoint endpoint) {
    return ModelCatalogue.standard()
        .find(endpoint.model())
        .map(KnownModel::prices)
        .map(endpoint::withPrices)
        .orElse(endpoint);
  }

  /** Names of models, not all of a long list. */
  static String some(ListedModels models) {
    return String.join(", ", models.ids().stream().limit(MOST_NAMED).toList())
        + (models.ids().size() > MOST_NAMED
            ? " and " + (models.ids().size() - MOST_NAMED) + " more"
            : "");
  }

  static String name(Dialect dialect) {
    return SettingKind.nameOf(dialect);
  }
}
