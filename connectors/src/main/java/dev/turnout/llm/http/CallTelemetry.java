package dev.turnout.llm.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.kafka.FutureFailure;
import dev.turnout.llm.Completion;
import dev.turnout.llm.LlmException;
import dev.turnout.llm.wire.ChatJson;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import dev.turnout.telemetry.Telemetry;
import dev.turnout.telemetry.TraceContext;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one endpoint as OpenTelemetry's semantic conventions for generative AI describe
 * them: a client's span each, and histograms of durations, tokens and waits for the first piece.
 */
final class CallTelemetry {

  private static final String OPERATION = "chat";
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private static final AttributeKey<String> TOKEN_TYPE =
      AttributeKey.stringKey("gen_ai.token.type");
  private static final AttributeKey<String> RESPONSE_MODEL =
      AttributeKey.stringKey("gen_ai.response.model");
  private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
  private static final AttributeKey<List<String>> FINISH_REASONS =
      AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");

  private final Telemetry telemetry;
  private final LlmEndpoint endpoint;
  private final Attributes known;
  private final DoubleHistogram durations;
  private final DoubleHistogram firstTokens;
  private final LongHistogram tokens;

  CallTelemetry(Telemetry telemetry, LlmEndpoint endpoint) {
    this.telemetry = telemetry;
    this.endpoint = endpoint;
    URI url = endpoint.baseUrl();
    AttributesBuilder attributes =
        Attributes.builder()
            .put("gen_ai.operation.name", OPERATION)
            .put("gen_ai.provider.name", provider(endpoint.dialect()))
            .put("gen_ai.request.model", endpoint.model());
    if (url.getHost() != null) {
      attributes.put("server.address", url.getHost()).put("server.port", port(url));
    }
    this.known = attributes.build();
    Meter meter = telemetry.meter();
    this.durations =
        meter
            .histogramBuilder("gen_ai.client.operation.duration")
            .setUnit("s")
            .setDescription("How long calls of LLMs took")
            .setExplicitBucketBoundariesAdvice(
                List.of(
                    0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96,
                    81.92))
            .build();
    this.firstTokens =
        meter
            .histogramBuilder("gen_ai.server.time_to_first_token")
            .setUnit("s")
            .setDescription("From the call to the first piece of an answer that streams")
            .setExplicitBucketBoundariesAdvice(
                List.of(
                    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0,
                    7.5, 10.0))
            .build();
    this.tokens =
        meter
            .histogramBuilder("gen_ai.client.token.usage")
            .ofLongs()
            .setUnit("{token}")
            .setDescription("Tokens of prompts and answers")
            .setExplicitBucketBoundariesAdvice(
                List.of(
                    1L,
                    4L,
                    16L,
                    64L,
                    256L,
                    1024L,
                    4096L,
                    16_384L,
                    65_536L,
                    262_144L,
                    1_048_576L,
                    4_194_304L,
                    16_777_216L,
                    67_108_864L))
            .build();
  }

  /** Names of the conventions where they have one, else the dialect's own. */
  private static String provider(Dialect dialect) {
    return switch (dialect) {
      case OPENAI -> "openai";
      case AZURE -> "azure.ai.openai";
      case ANTHROPIC -> "anthropic";
      case VLLM -> "vllm";
      case OLLAMA -> "ollama";
      case LLAMA_CPP -> "llama.cpp";
      case COMPATIBLE -> "_OTHER";
    };
  }

  private static int port(URI url) {
    if (url.getPort() >= 0) {
      return url.getPort();
    }
    return "https".equalsIgnoreCase(url.getScheme()) ? HTTPS_PORT : HTTP_PORT;
  }

  /**
   * Makes a call within a span, where anything is traced.
   *
   * @param trace what it is made for; null for none
   * @param call given what the LLM's server is told
   */
  CompletableFuture<Completion> traced(
      RoutedRequest request,
      @Nullable TraceContext trace,
      Function<@Nullable TraceContext, CompletableFuture<Completion>> call) {
    SpanBuilder begun = telemetry.span(OPERATION + " " + endpoint.model(), SpanKind.CLIENT, trace);
    if (begun == null) {
      return call.apply(trace);
    }
    long start = System.nanoTime();
    Span span = begun.setAllAttributes(known).startSpan();
    describe(span, request);
    CompletableFuture<Completion> answer = call.apply(Telemetry.within(span));
    // the call's own future goes on, so that whoever cancels it ends the call
    CompletableFuture<Completion> unusedEnd =
        answer.whenComplete((completion, failure) -> ended(span, start, completion, failure));
    return answer;
  }

  private void describe(Span span, RoutedRequest request) {
    Query query = request.getQuery();
    span.setAttribute("turnout.query.id", query.getId());
    span.setAttribute("turnout.llm", endpoint.llm());
    span.setAttribute("turnout.attempt", request.getAttempt());
    span.setAttribute("turnout.tenant", query.getTenant());
    if (request.getShadow()) {
      span.setAttribute("turnout.shadow", true);
    }
    if (query.getSession() != null) {
      span.setAttribute("gen_ai.conversation.id", query.getSession());
    }
  }

  private void ended(
      Span span, long start, @Nullable Completion completion, @Nullable Throwable failure) {
    AttributesBuilder measured = known.toBuilder();
    if (completion != null) {
      answered(span, measured, completion);
    } else {
      String type = errorType(failure == null ? null : FutureFailure.cause(failure));
      span.setAttribute(ERROR_TYPE, type);
      span.setStatus(StatusCode.ERROR);
      measured.put(ERROR_TYPE, type);
    }
    span.end();
    durations.record((System.nanoTime() - start) / 1e9, measured.build());
  }

  private void answered(Span span, AttributesBuilder measured, Completion completion) {
    Completion.Chat chat = completion.chat();
    ObjectNode response = chat == null ? null : ChatJson.object(chat.response());
    if (response != null) {
      String model = response.path("model").asText("");
      if (!model.isEmpty()) {
        span.setAttribute(RESPONSE_MODEL, model);
        measured.put(RESPONSE_MODEL, model);
      }
      String id = response.path("id").asText("");
      if (!id.isEmpty()) {
        span.setAttribute("gen_ai.response.id", id);
      }
      List<String> reasons = new ArrayList<>();
      for (JsonNode choice : response.path("choices")) {
        reasons.add(choice.path("finish_reason").asText("unknown"));
      }
      span.setAttribute(FINISH_REASONS, reasons);
    }
    used(span, measured, "input", completion.promptTokens());
    used(span, measured, "output", completion.completionTokens());
    if (chat != null && chat.cachedPromptTokens() != null) {
      span.setAttribute("gen_ai.usage.cache_read.input_tokens", chat.cachedPromptTokens());
    }
    Duration first = chat == null ? null : chat.firstToken();
    if (first != null) {
      firstTokens.record(first.toNanos() / 1e9, measured.build());
    }
  }

  private void used(Span span, AttributesBuilder measured, String type, @Nullable Long count) {
    if (count != null) {
      span.setAttribute("gen_ai.usage." + type + "_tokens", count);
      tokens.record(count, measured.build().toBuilder().put(TOKEN_TYPE, type).build());
    }
  }

  /** Of few values: a status of HTTP, or what kind of failure it was. */
  private static String errorType(@Nullable Throwable failure) {
    if (failure instanceof LlmException llm) {
      LlmException.Refusal refusal = llm.refusal();
      return refusal == null
          ? llm.kind().name().toLowerCase(Locale.ROOT)
          : Integer.toString(refusal.status());
    }
    return failure instanceof CancellationException ? "cancelled" : "_OTHER";
  }
}
