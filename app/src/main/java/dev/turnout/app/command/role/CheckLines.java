package dev.turnout.app.command.role;

import dev.turnout.llm.Completion;
import dev.turnout.llm.catalogue.ModelCatalogue;
import dev.turnout.llm.check.EndpointCheck.Asked;
import dev.turnout.llm.check.EndpointCheck.Report;
import dev.turnout.llm.check.ListedModels;
import dev.turnout.llm.http.LlmEndpoint;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a check of an endpoint found, in words and as JSON.
 *
 * @param endpoint as it was asked
 * @param models that it lists
 */
record CheckLines(LlmEndpoint endpoint, ListedModels models) {

  List<String> head() {
    List<String> lines = new ArrayList<>();
    lines.add("Endpoint  " + LlmEndpoint.withoutSecrets(endpoint.baseUrl()));
    lines.add(
        "Dialect   "
            + WorkerCheckCommand.name(endpoint.dialect())
            + models
                .dialect()
                .filter(seen -> seen != endpoint.dialect())
                .map(
                    seen ->
                        "; its list of models looks like "
                            + WorkerCheckCommand.name(seen)
                            + ": set worker.dialect="
                            + WorkerCheckCommand.name(seen))
                .orElse(""));
    lines.add("Model     " + endpoint.model() + " (" + listed() + ")");
    return lines;
  }

  private String listed() {
    if (models.problem() != null) {
      return "no list of models: " + models.problem();
    }
    return models.ids().contains(endpoint.model())
        ? "listed"
        : "not listed; there are: " + WorkerCheckCommand.some(models);
  }

  List<String> questions(Report report) {
    List<String> lines = new ArrayList<>();
    report.asked().forEach(asked -> lines.add(label(asked) + line(asked)));
    report.refusedParameters().forEach(refused -> lines.add("Refused   " + refused));
    lines.add(
        report.serves()
            ? "The LLM answers."
            : "The LLM does not answer as a worker needs it; see above.");
    return lines;
  }

  private static String label(Asked asked) {
    return switch (asked.way()) {
      case WHOLE -> "Whole     ";
      case STREAM -> "Stream    ";
      case TOOLS -> "Tools     ";
    };
  }

  private String line(Asked asked) {
    Completion completion = asked.completion();
    if (completion == null) {
      return "failed: " + asked.failure();
    }
    String answer =
        switch (asked.way()) {
          case TOOLS -> asked.calledTool() ? "called" : "taken, but not called";
          case STREAM -> asked.pieces() + " pieces, first token after " + firstToken(completion);
          case WHOLE -> "\"" + brief(completion.answer()) + "\"";
        };
    return answer
        + ", "
        + millis(completion.latency())
        + ", "
        + tokens(completion.promptTokens())
        + " tokens in, "
        + tokens(completion.completionTokens())
        + " out"
        + cost(completion);
  }

  private static String brief(String answer) {
    String stripped = answer.strip();
    return stripped.length() <= 60 ? stripped : stripped.substring(0, 60) + "…";
  }

  private static String tokens(@Nullable Long count) {
    return count == null ? "unknown" : count.toString();
  }

  private static String firstToken(Completion completion) {
    return millis(completion.chat() == null ? null : completion.chat().firstToken());
  }

  private static String millis(@Nullable Duration duration) {
    return duration == null ? "unknown" : duration.toMillis() + " ms";
  }

  private static String cost(Completion completion) {
    return completion.costUsd() == null
        ? ", no price known"
        : ", "
            + BigDecimal.valueOf(completion.costUsd()).toPlainString()
            + " USD at list prices of "
            + ModelCatalogue.standard().date();
  }

  Map<String, ?> json(Report report) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("ok", report.serves());
    object.put("model", endpoint.model());
    object.put("model_listed", models.ids().contains(endpoint.model()));
    object.put("dialect", WorkerCheckCommand.name(endpoint.dialect()));
    object.put("dialect_seen", models.dialect().map(WorkerCheckCommand::name).orElse(null));
    object.put("questions", report.asked().stream().map(CheckLines::json).toList());
    object.put("refused_parameters", report.refusedParameters());
    return object;
  }

  private static Map<String, @Nullable Object> json(Asked asked) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    Completion completion = asked.completion();
    object.put("way", asked.way().name().toLowerCase(Locale.ROOT));
    object.put("ok", completion != null);
    object.put("failure", asked.failure());
    if (completion != null) {
      object.put("latency_ms", millisOf(completion.latency()));
      object.put(
          "first_token_ms",
          completion.chat() == null ? null : millisOf(completion.chat().firstToken()));
      object.put("pieces", asked.pieces());
      object.put("prompt_tokens", completion.promptTokens());
      object.put("completion_tokens", completion.completionTokens());
      object.put("cost_usd", completion.costUsd());
      object.put("called_tool", asked.calledTool());
    }
    return object;
  }

  private static @Nullable Long millisOf(@Nullable Duration duration) {
    return duration == null ? null : duration.toMillis();
  }
}
