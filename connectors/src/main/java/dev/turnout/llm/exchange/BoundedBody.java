package dev.turnout.llm.exchange;

import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Receives the body of a response as text, up to a limit: a server that never stops talking must
 * not fill the memory. Beyond the limit the connection is given up.
 */
final class BoundedBody implements BodySubscriber<String> {
  private final BodySubscriber<String> text = BodySubscribers.ofString(StandardCharsets.UTF_8);
  private final int limit;
  private long received;
  private Flow.@Nullable Subscription subscription;
  private boolean ended;

  private BoundedBody(int limit) {
    this.limit = limit;
  }

  /**
   * Takes bodies up to a limit; the response fails with a {@link ResponseTooLargeException} beyond
   * it.
   *
   * @param bytes the largest body
   */
  static BodySubscriber<String> subscriber(int bytes) {
    return new BoundedBody(bytes);
  }

  @Override
  public CompletionStage<String> getBody() {
    return text.getBody();
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    text.onSubscribe(given);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    if (ended) {
      return;
    }
    for (ByteBuffer buffer : buffers) {
      received += buffer.remaining();
    }
    if (received > limit) {
      ended = true;
      if (subscription != null) {
        subscription.cancel();
      }
      text.onError(new ResponseTooLargeException("the response", limit));
    } else {
      text.onNext(buffers);
    }
  }

  @Override
  public void onError(Throwable failure) {
    if (!ended) {
      text.onError(failure);
    }
  }

  @Override
  public void onComplete() {
    if (!ended) {
      text.onComplete();
    }
  }
}
