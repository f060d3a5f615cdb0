package dev.turnout.app.command.apply;

import dev.turnout.app.command.llm.LikeModel;
import dev.turnout.llm.catalogue.KnownModel;
import dev.turnout.llm.catalogue.ModelCatalogue;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An LLM as declared: what no field names is unknown, but its status stays what it is, so that a
 * drain by hand lasts, and so does where probes have placed it.
 *
 * @param said fields; topic and time are made up
 * @param status null where the document names none
 */
record LlmDeclaration(Declaration from, LlmProfile said, @Nullable LlmStatus status) {
  static final String KIND = "Llm";

  static LlmDeclaration read(Declaration from) {
    LlmProfile.Builder llm = LlmProfile.newBuilder().setId(from.required("id")).setTopic("");
    String like = from.text("like");
    if (like != null) {
      ModelCatalogue catalogue = ModelCatalogue.standard();
      KnownModel model = catalogue.find(like).orElse(null);
      if (model == null) {
        from.refuse(
            "like",
            "the catalogue does not know "
                + like
                + "; it knows "
                + String.join(", ", catalogue.ids()));
      } else {
        String unusedWords = LikeModel.applyTo(llm, model, catalogue.date());
      }
    }
    Double input = from.notNegative("input_usd_per_million_tokens");
    if (input != null) {
      llm.setInputUsdPerMillionTokens(input);
    }
    Double output = from.notNegative("output_usd_per_million_tokens");
    if (output != null) {
      llm.setOutputUsdPerMillionTokens(output);
    }
    Double cached = from.notNegative("cached_input_usd_per_million_tokens");
    if (cached != null) {
      llm.setCachedInputUsdPerMillionTokens(cached);
    }
    llm.setExpectedOutputTokens(from.notNegative("expected_output_tokens"));
    llm.setExpectedLatencyMs(from.notNegative("expected_latency_ms"));
    Long window = from.whole("context_window", Long.MAX_VALUE);
    if (window != null) {
      llm.setContextWindow(window);
    }
    Long longest = from.whole("max_output_tokens", Long.MAX_VALUE);
    if (longest != null) {
      llm.setMaxOutputTokens(longest);
    }
    Boolean onDemand = from.flag("on_demand");
    if (onDemand != null) {
      llm.setOnDemand(onDemand);
    }
    List<String> capabilities = from.texts("capabilities");
    if (capabilities != null) {
      llm.setCapabilities(capabilities);
    }
    String description = from.text("description");
    llm.setDescription(description == null ? "" : description);
    LlmStatus status =
        from.choice("status", LlmStatus.class, List.of(LlmStatus.ACTIVE, LlmStatus.DRAINING));
    return new LlmDeclaration(from, llm.setUpdatedAt(Instant.EPOCH).build(), status);
  }

  /**
   * The profile that is to be.
   *
   * @param topic of its requests, where there is no profile yet
   */
  LlmProfile next(@Nullable LlmProfile known, String topic) {
    LlmProfile.Builder next = LlmProfile.newBuilder(said);
    if (known != null) {
      next.setEmbedding(known.getEmbedding())
          .setEmbeddingModelVersion(known.getEmbeddingModelVersion())
          .setTopic(known.getTopic())
          .setStatus(known.getStatus());
    } else {
      next.setTopic(topic).setStatus(LlmStatus.ACTIVE);
    }
    return (status == null ? next : next.setStatus(status)).build();
  }
}
