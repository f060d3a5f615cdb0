package dev.turnout.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Clients of a gateway that each ask one question, with a deadline of its own. */
final class StormClients {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Most that wait at a time. */
  private static final int OPEN = 1_500;

  private static final int SHORTEST_MILLIS = 4_000;
  private static final int LONGEST_MILLIS = 20_000;

  /**
   * What became of a question.
   *
   * @param query its id, empty if the response has none
   * @param status of the response; 0 if there was none
   * @param text the answer, or the error's message
   * @param allowed how long it might take
   * @param took how long it took
   */
  record Reply(String query, int status, String text, Duration allowed, Duration took) {
    boolean isAnswer() {
      return status == 200;
    }

    Duration late() {
      return took.minus(allowed);
    }
  }

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_2)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final URI chat;
  private final String tenant;
  private final Random random;
  private final List<String> models;

  /**
   * @param gateway its base URL
   * @param models drawn from by chance
   */
  StormClients(String gateway, String tenant, List<String> models, long seed) {
    this.chat = URI.create(gateway + "/v1/chat/completions");
    this.tenant = tenant;
    this.models = List.copyOf(models);
    this.random = new Random(seed);
  }

  /** Asks so many questions at an even rate; returns when each has its reply. */
  List<Reply> ask(int questions, double perSecond) throws InterruptedException {
    Semaphore open = new Semaphore(OPEN);
    List<CompletableFuture<Reply>> replies = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < questions; i++) {
      long due = start + (long) (i / perSecond * 1e9);
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      open.acquire();
      replies.add(ask(i).whenComplete((reply, failure) -> open.release()));
    }
    List<Reply> all = new ArrayList<>();
    for (CompletableFuture<Reply> each : replies) {
      try {
        all.add(each.get(2L * LONGEST_MILLIS, TimeUnit.MILLISECONDS));
      } catch (ExecutionException | TimeoutException e) {
        throw new AssertionError("a question without a reply", e);
      }
    }
    return all;
  }

  private CompletableFuture<Reply> ask(int number) {
    Duration allowed =
        Duration.ofMillis(SHORTEST_MILLIS + random.nextInt(LONGEST_MILLIS - SHORTEST_MILLIS));
    String model = models.get(random.nextInt(models.size()));
    HttpRequest request =
        HttpRequest.newBuilder(chat)
            .header("Content-Type", "application/json")
            .header("x-turnout-tenant", tenant)
            .header("x-turnout-timeout-ms", Long.toString(allowed.toMillis()))
            .POST(
                BodyPublishers.ofString(
                    """
                    {"model":"%s","messages":[{"role":"user","content":"question %d"}]}\
                    """
                        .formatted(model, number)))
            .build();
    long asked = System.nanoTime();
    return http.sendAsync(request, BodyHandlers.ofString())
        .handle(
            (response, failure) -> {
              Duration took = Duration.ofNanos(System.nanoTime() - asked);
              return response == null
                  ? new Reply("", 0, String.valueOf(failure), allowed, took)
                  : reply(response, allowed, took);
            });
  }

  private static Reply reply(HttpResponse<String> response, Duration allowed, Duration took) {
    String text;
    try {
      JsonNode body = JSON.readTree(response.body());
      text =
          response.statusCode() == 200
              ? body.at("/choices/0/message/content").asText()
              : body.at("/error/message").asText();
    } catch (IOException e) {
      text = "";
    }
    return new Reply(
        response.headers().firstValue("x-turnout-query-id").orElse(""),
        response.statusCode(),
        text,
        allowed,
        took);
  }
}
