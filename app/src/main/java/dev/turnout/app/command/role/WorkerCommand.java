package dev.turnout.app.command.role;

import dev.turnout.app.role.WorkerRole;
import picocli.CommandLine.Command;

/** Runs a worker pool. */
@Command(
    name = "worker",
    subcommands = WorkerCheckCommand.class,
    mixinStandardHelpOptions = true,
    description = {
      "Run a worker pool: one LLM's requests in, outcomes out.",
      "",
      "Asks any OpenAI-compatible endpoint (OpenAI, Azure, vLLM, LiteLLM, Ollama, llama.cpp), or"
          + " Anthropic's. Any number of workers of one LLM share its requests."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  turnout worker --config turnout.yaml --set worker.llm=my-llm \\",
      "    --set worker.url=http://localhost:8000/v1",
      "  turnout worker --set worker.url=http://localhost:8000/v1 check   does it answer?",
      "  TURNOUT_WORKER_API_KEY=... turnout worker --config turnout.yaml"
    })
public final class WorkerCommand extends RoleCommand {
  public WorkerCommand() {
    super("worker", WorkerRole::start);
  }
}
