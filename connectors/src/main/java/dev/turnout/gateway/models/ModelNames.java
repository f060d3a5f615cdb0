package dev.turnout.gateway.models;

import dev.turnout.gateway.GatewayError;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the names of models mean: the router's choice, an LLM, or another name for one of them. */
public final class ModelNames {

  /** Names that leave the choice to the router. */
  public static final List<String> ROUTED = List.of("auto", "turnout");

  private static final Duration WHILE_DRAINING = Duration.ofSeconds(30);

  private final Map<String, String> aliases;
  private final RegisteredLlms llms;

  /**
   * @param aliases what stands for what; the right side is an LLM's id, or leaves the choice to the
   *     router
   */
  public ModelNames(Map<String, String> aliases, RegisteredLlms llms) {
    this.aliases = Map.copyOf(aliases);
    this.llms = llms;
  }

  /**
   * The LLM that a name stands for; empty leaves the choice to the router.
   *
   * @param name as the client gave it; empty for none
   * @throws GatewayError with 404 if there is no such model, with 503 if it takes nothing new
   */
  public Optional<String> llm(String name) {
    String meant = aliases.getOrDefault(name, name);
    if (meant.isEmpty() || ROUTED.contains(meant)) {
      return Optional.empty();
    }
    LlmProfile profile =
        llms.of(meant)
            .orElseThrow(
                () ->
                    new GatewayError(
                        404,
                        "invalid_request_error",
                        "model_not_found",
                        "the model \""
                            + name
                            + "\" does not exist; GET /v1/models lists those that do, and \"auto\""
                            + " lets the router choose"));
    if (profile.getStatus() == LlmStatus.DRAINING) {
      throw new GatewayError(
              503,
              "api_error",
              "model_draining",
              "the model \"" + name + "\" takes nothing new; ask another, or \"auto\"")
          .retryAfter(WHILE_DRAINING);
    }
    return Optional.of(meant);
  }

  /** The other names that were configured. */
  public Map<String, String> aliases() {
    return aliases;
  }

  /** The LLMs there are. */
  public RegisteredLlms llms() {
    return llms;
  }
}
