package dev.turnout.llm.check;

import dev.turnout.llm.Completion;
import dev.turnout.llm.UnroutedRequest;
import dev.turnout.llm.http.HttpLlmClient;
import dev.turnout.llm.http.LlmEndpoint;
import dev.turnout.schema.ChatRequest;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutedRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Asks an LLM one small question: whole, in pieces, and with a tool to call. */
public final class EndpointCheck {

  private static final String QUESTION =
      "{\"max_tokens\":512,\"messages\":[{\"role\":\"user\",\"content\":"
          + "\"Say hello in one word.\"}]}";

  private static final String TOOL_QUESTION =
      "{\"max_tokens\":512,\"messages\":[{\"role\":\"user\",\"content\":"
          + "\"What time is it in Bonn? Call the tool.\"}],\"tools\":[{\"type\":\"function\","
          + "\"function\":{\"name\":\"clock\",\"description\":\"Tells the time in a city\","
          + "\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},"
          + "\"required\":[\"city\"]}}}]}";

  private EndpointCheck() {}

  /**
   * What was found.
   *
   * @param asked questions in the order in which they were asked; after one that fails, none
   * @param refusedParameters which parameters the server refuses, in words
   */
  public record Report(List<Asked> asked, List<String> refusedParameters) {
    /** Copies both. */
    public Report {
      asked = List.copyOf(asked);
      refusedParameters = List.copyOf(refusedParameters);
    }

    /** Whether the LLM can serve: it answers whole and in pieces. */
    public boolean serves() {
      return asked.stream().allMatch(each -> each.completion() != null || each.way() == Way.TOOLS);
    }
  }

  /** How a question is asked. */
  public enum Way {
    /** The answer comes at once. */
    WHOLE,
    /** The answer comes in pieces. */
    STREAM,
    /** With a tool to call. */
    TOOLS
  }

  /**
   * A question and what became of it.
   *
   * @param completion null when it failed
   * @param pieces how many pieces came
   * @param failure in words, with the address; null when it was answered
   */
  public record Asked(
      Way way, @Nullable Completion completion, int pieces, @Nullable String failure) {

    /** Whether the LLM called the tool that it was given. */
    public boolean calledTool() {
      return completion != null
          && completion.chat() != null
          && completion.chat().response().contains("\"tool_calls\":[{");
    }
  }

  /**
   * The models that an endpoint lists.
   *
   * @throws InterruptedException when the thread is asked to end
   */
  public static ListedModels models(LlmEndpoint endpoint) throws InterruptedException {
    return ListedModels.of(endpoint);
  }

  /** Asks; takes as long as the LLM does. */
  public static Report ask(LlmEndpoint endpoint) {
    HttpLlmClient client = new HttpLlmClient(endpoint.withAttempts(1));
    List<Asked> asked = new ArrayList<>();
    for (Way way : Way.values()) {
      Asked result = ask(client, way);
      asked.add(result);
      if (result.completion() == null) {
        break;
      }
    }
    return new Report(asked, client.refusedParameters());
  }

  private static Asked ask(HttpLlmClient client, Way way) {
    AtomicInteger pieces = new AtomicInteger();
    try {
      Completion completion =
          client.complete(request(way), chunk -> pieces.incrementAndGet()).join();
      return new Asked(way, completion, pieces.get(), null);
    } catch (CompletionException e) {
      Throwable failure = e.getCause() == null ? e : e.getCause();
      Throwable details = failure.getCause();
      return new Asked(
          way,
          null,
          pieces.get(),
          failure.getMessage() + (details == null ? "" : " [" + details.getMessage() + "]"));
    }
  }

  private static RoutedRequest request(Way way) {
    Query query =
        Query.newBuilder()
            .setId("check")
            .setText("Say hello in one word.")
            .setChat(
                ChatRequest.newBuilder()
                    .setBody(way == Way.TOOLS ? TOOL_QUESTION : QUESTION)
                    .setStream(way == Way.STREAM)
                    .build())
            .build();
    return UnroutedRequest.of(query, "check", "check", "asked to try", Instant.now());
  }
}
