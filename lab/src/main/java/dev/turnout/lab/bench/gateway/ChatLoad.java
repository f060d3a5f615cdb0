package dev.turnout.lab.bench.gateway;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server of OpenAI's chat-completions API as many clients would: at an even pace whatever
 * the answers take, so that a slow answer holds back no question, or in many streams at once.
 */
final class ChatLoad {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final URI endpoint;
  private final String model;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  /**
   * @param baseUrl up to and with {@code /v1}
   * @param model name of the model to ask for
   */
  ChatLoad(String baseUrl, String model) {
    this.endpoint = URI.create(baseUrl + "/chat/completions");
    this.model = model;
  }

  /**
   * One exchange.
   *
   * @param firstMillis from the question to the first piece of the answer; NaN when there was none
   * @param totalMillis from the question to the end of the answer; NaN when it failed
   * @param problem what went wrong; null for a whole answer
   */
  record Exchange(double firstMillis, double totalMillis, @Nullable String problem) {
    private static Exchange failed(String problem) {
      return new Exchange(Double.NaN, Double.NaN, problem);
    }
  }

  /**
   * Asks at an even pace.
   *
   * @param stream whether the answers are wanted in pieces
   * @return in the order of asking
   */
  List<Exchange> paced(double perSecond, Duration duration, boolean stream) {
    int count = (int) Math.max(1, perSecond * duration.toMillis() / 1_000);
    long start = System.nanoTime();
    List<CompletableFuture<Exchange>> asked = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long due = start + (long) (1e9 * i / perSecond);
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      asked.add(ask(stream, i));
    }
    return join(asked);
  }

  /** Opens streams, a few milliseconds apart, and waits for all of them to end. */
  List<Exchange> streams(int count, Duration apart) {
    return join(
        IntStream.range(0, count)
            .mapToObj(
                i -> {
                  LockSupport.parkNanos(apart.toNanos());
                  return ask(true, i);
                })
            .toList());
  }

  private static List<Exchange> join(List<CompletableFuture<Exchange>> asked) {
    return asked.stream().map(CompletableFuture::join).toList();
  }

  private CompletableFuture<Exchange> ask(boolean stream, int number) {
    String body =
        "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(model, stream, "How many days has month " + number + " of a calendar?");
    HttpRequest request =
        HttpRequest.newBuilder(endpoint)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    long start = System.nanoTime();
    CompletableFuture<Exchange> exchange =
        stream
            ? http.sendAsync(
                    request, BodyHandlers.fromLineSubscriber(new Pieces(start), Pieces::end, null))
                .thenApply(response -> streamed(response, start))
            : http.sendAsync(request, BodyHandlers.ofString())
                .thenApply(
                    response ->
                        response.statusCode() == 200
                            ? new Exchange(Double.NaN, millisSince(start), null)
                            : Exchange.failed(response.statusCode() + ": " + response.body()));
    return exchange
        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .exceptionally(failure -> Exchange.failed(failure.toString()));
  }

  private static Exchange streamed(HttpResponse<Pieces> response, long start) {
    Pieces pieces = response.body();
    if (response.statusCode() != 200) {
      return Exchange.failed(response.statusCode() + ": " + pieces.last);
    }
    return pieces.done
        ? new Exchange(pieces.firstMillis, millisSince(start), null)
        : Exchange.failed("the stream ended with " + pieces.last);
  }

  private static double millisSince(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  /** Reads the lines of one stream of events. */
  private static final class Pieces implements Flow.Subscriber<String> {
    private final long start;
    private double firstMillis = Double.NaN;
    private boolean done;
    private String last = "nothing";

    private Pieces(long start) {
      this.start = start;
    }

    private Pieces end() {
      return this;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
      if (line.startsWith("data: [DONE]")) {
        done = true;
      } else if (line.startsWith("data: ")) {
        // the first piece often has the role alone, and is as much a sign as any other
        if (Double.isNaN(firstMillis)) {
          firstMillis = millisSince(start);
        }
        last = line;
      } else if (!line.isEmpty() && !line.startsWith(":")) {
        last = line;
      }
    }

    @Override
    public void onError(Throwable failure) {
      last = failure.toString();
    }

    @Override
    public void onComplete() {}
  }
}
