package dev.turnout.gateway.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.access.Caller;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.gateway.exchange.ErrorForm;
import dev.turnout.gateway.exchange.Replies;
import dev.turnout.gateway.models.ModelNames;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Lists the models that can be asked, as OpenAI's API does, or Anthropic's for its clients. */
public final class ModelsEndpoint {

  private final ModelNames models;
  private final Instant started;

  /**
   * @param started when the names that are not an LLM's came to be
   */
  public ModelsEndpoint(ModelNames models, Instant started) {
    this.models = models;
    this.started = started;
  }

  /** {@code GET /v1/models}. */
  public void list(Context context) {
    boolean anthropic = ErrorForm.isAnthropic(context);
    ArrayNode data = Json.array();
    names(Caller.of(context)).forEach((id, profile) -> data.add(model(id, profile, anthropic)));
    ObjectNode json = Json.object();
    json.set("data", data);
    if (anthropic) {
      json.put("has_more", false);
      json.set("first_id", data.path(0).path("id"));
      json.set("last_id", data.path(data.size() - 1).path("id"));
    } else {
      json.put("object", "list");
    }
    Replies.now(context, 200, json);
  }

  /** {@code GET /v1/models/{id}}. */
  public void one(Context context) {
    String id = QueryEndpoints.rest(context, "/v1/models/");
    Map<String, @Nullable LlmProfile> names = names(Caller.of(context));
    if (!names.containsKey(id)) {
      throw new GatewayError(
          404,
          "invalid_request_error",
          "model_not_found",
          "the model \"" + id + "\" does not exist; GET /v1/models lists those that do");
    }
    Replies.now(context, 200, model(id, names.get(id), ErrorForm.isAnthropic(context)));
  }

  /** Every name that the caller can ask for; with null those that are no LLM's. */
  private Map<String, @Nullable LlmProfile> names(Caller caller) {
    Map<String, @Nullable LlmProfile> names = new TreeMap<>();
    models
        .llms()
        .all()
        .forEach(
            (id, profile) -> {
              if (profile.getStatus() == LlmStatus.ACTIVE && caller.mayAsk(id)) {
                names.put(id, profile);
              }
            });
    ModelNames.ROUTED.forEach(name -> names.put(name, null));
    models
        .aliases()
        .forEach(
            (alias, meant) -> {
              if (ModelNames.ROUTED.contains(meant) || caller.mayAsk(meant)) {
                names.put(alias, models.llms().of(meant).orElse(null));
              }
            });
    return names;
  }

  private JsonNode model(String id, @Nullable LlmProfile profile, boolean anthropic) {
    Instant since = profile == null ? started : profile.getUpdatedAt();
    ObjectNode json = Json.object();
    if (anthropic) {
      json.put("type", "model")
          .put("id", id)
          .put("display_name", id)
          .put("created_at", Instant.ofEpochSecond(since.getEpochSecond()).toString());
      if (profile != null) {
        json.put("max_input_tokens", profile.getContextWindow());
        json.put("max_tokens", profile.getMaxOutputTokens());
      }
      return json;
    }
    json.put("id", id)
        .put("object", "model")
        .put("created", since.getEpochSecond())
        .put("owned_by", "turnout");
    if (profile != null) {
      ArrayNode capabilities = json.putArray("capabilities");
      profile.getCapabilities().forEach(capabilities::add);
      json.put("context_window", profile.getContextWindow());
      json.put("max_output_tokens", profile.getMaxOutputTokens());
      json.put("description", profile.getDescription());
    }
    return json;
  }
}
