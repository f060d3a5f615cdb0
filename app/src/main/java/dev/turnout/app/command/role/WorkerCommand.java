package dev.turnout.app.command.role;

import dev.turnout.app.config.MetricsSettings;
import dev.turnout.app.role.RoleProcess;
import dev.turnout.app.role.WorkerRole;
import dev.turnout.config.SettingValues;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs a worker pool. */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    description = {
      "Run a worker pool: one LLM's requests in, outcomes out.",
      "",
      "Asks any OpenAI-compatible endpoint (OpenAI, vLLM, LiteLLM, Ollama). Any number of workers"
          + " of one LLM share its requests."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout worker --config turnout.yaml --set worker.llm=my-llm \\",
      "    --set worker.url=http://localhost:8000/v1",
      "  TURNOUT_WORKER_API_KEY=... turnout worker --config turnout.yaml"
    })
public final class WorkerCommand implements Callable<Integer> {

  @Mixin private RoleOptions options = new RoleOptions();

  @Override
  public Integer call() throws InterruptedException {
    SettingValues values = options.read();
    RoleProcess.run(
        "worker", MetricsSettings.from(values), metrics -> WorkerRole.start(values, metrics));
    return 0;
  }
}
