package dev.turnout.console.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.console.door.RefusedVisitException;
import dev.turnout.console.page.Fragment;
import dev.turnout.console.page.Page;
import dev.turnout.console.page.PageRequest;
import dev.turnout.gateway.access.Rights;
import dev.turnout.gateway.sse.ResponseWriter;
import dev.turnout.kafka.DaemonThreads;
import dev.turnout.kafka.LoopBody;
import dev.turnout.kafka.LoopState;
import dev.turnout.kafka.SupervisedLoop;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the fragments of open pages whenever they have changed.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>One thread renders, twice a second at most, and each page with the same request once for
 *       keys of the same rights, however many look at it; without an open page it does nothing.
 *   <li>A stream gets a fragment when it is another than the one it has. Whoever reads slowly gets
 *       fewer, since a stream that has not taken its last update is passed over; so nothing piles
 *       up.
 *   <li>So many streams at a time; the next is refused, and its page stands still.
 * </ul>
 */
public final class LiveFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);
  private static final Duration EVERY = Duration.ofMillis(500);
  private static final int MOST_STREAMS = 64;
  private static final int MOST_BYTES = 2 << 20;

  /** Turns after which a silent stream gets a sign of life, which also finds who has left. */
  private static final int HEARTBEAT_TURNS = 20;

  private static final byte[] HEARTBEAT = ": alive\n\n".getBytes(StandardCharsets.UTF_8);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Queue<Stream> streams = new ConcurrentLinkedQueue<>();
  private final AtomicInteger open = new AtomicInteger();
  private final ExecutorService writers =
      Executors.newFixedThreadPool(2, DaemonThreads.named("console-writer"));
  private final CountDownLatch closing = new CountDownLatch(1);
  private final SupervisedLoop loop;

  /** Starts the thread that renders. */
  public LiveFeed() {
    this.loop = SupervisedLoop.start("console-live", new Rendering());
  }

  /** What is rendered once for all that look at it. */
  private record View(String path, Map<String, String> values, Optional<Rights> rights) {}

  private static final class Stream {
    private final View view;
    private final Page page;
    private final Supplier<PageRequest> request;
    private final ResponseWriter writer;
    private final Map<String, String> sent = new HashMap<>();
    private int silent;

    Stream(View view, Page page, Supplier<PageRequest> request, ResponseWriter writer) {
      this.view = view;
      this.page = page;
      this.request = request;
      this.writer = writer;
    }

    void offer(Map<String, String> fragments) {
      if (!writer.isIdle()) {
        return;
      }
      Map<String, String> changed = new LinkedHashMap<>();
      fragments.forEach(
          (id, html) -> {
            if (!html.equals(sent.put(id, html))) {
              changed.put(id, html);
            }
          });
      if (!changed.isEmpty()) {
        silent = 0;
        writer.write(event(changed));
      } else if (++silent >= HEARTBEAT_TURNS) {
        silent = 0;
        writer.write(HEARTBEAT);
      }
    }
  }

  private static byte[] event(Map<String, String> fragments) {
    try {
      return ("event: update\ndata: " + JSON.writeValueAsString(fragments) + "\n\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Answers a request with the updates of a page until its reader leaves.
   *
   * @param request made anew for every rendering
   */
  public void follow(Context context, Page page, Supplier<PageRequest> request) {
    if (open.incrementAndGet() > MOST_STREAMS) {
      open.decrementAndGet();
      throw new RefusedVisitException(
          503, "More than " + MOST_STREAMS + " pages are open; this one is not kept up to date.");
    }
    PageRequest first = request.get();
    View view = new View(page.path(), first.values(), first.visitor().rights());
    context.contentType("text/event-stream; charset=utf-8");
    context.header("X-Accel-Buffering", "no");
    context.future(
        () -> {
          ResponseWriter writer;
          try {
            writer = ResponseWriter.open(context.req(), context.res(), writers, MOST_BYTES);
          } catch (IOException failure) {
            open.decrementAndGet();
            return CompletableFuture.failedFuture(failure);
          }
          Stream stream = new Stream(view, page, request, writer);
          CompletableFuture<ResponseWriter.End> unusedEnd =
              writer
                  .done()
                  .whenComplete(
                      (end, failure) -> {
                        boolean unusedWas = streams.remove(stream);
                        open.decrementAndGet();
                      });
          // the browser learns at once that it is connected
          writer.write("retry: 2000\n\n".getBytes(StandardCharsets.UTF_8));
          streams.add(stream);
          return writer.done();
        });
  }

  /** Pages that are kept up to date at present. */
  public int openStreams() {
    return open.get();
  }

  /** How the loop is doing. */
  public LoopState state() {
    return loop.state();
  }

  private final class Rendering implements LoopBody {
    private final Set<String> failing = new HashSet<>();

    @Override
    public void turn() throws InterruptedException {
      Map<View, Map<String, String>> rendered = new HashMap<>();
      for (Iterator<Stream> each = streams.iterator(); each.hasNext(); ) {
        Stream stream = each.next();
        stream.offer(rendered.computeIfAbsent(stream.view, view -> render(stream)));
      }
      boolean unusedClosing = closing.await(EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Map<String, String> render(Stream stream) {
      Map<String, String> html = new LinkedHashMap<>();
      try {
        List<Fragment> fragments = stream.page.live(stream.request.get());
        fragments.forEach(fragment -> html.put(fragment.id(), fragment.content().render()));
        failing.remove(stream.page.path());
      } catch (RuntimeException failure) {
        // one page that fails must not keep the others from going on
        if (failing.add(stream.page.path())) {
          LOG.atError()
              .setMessage("page cannot be brought up to date")
              .addKeyValue("page", stream.page.path())
              .setCause(failure)
              .log();
        }
      }
      return html;
    }

    @Override
    public void wakeUp() {
      closing.countDown();
    }
  }

  @Override
  public void close() {
    loop.close();
    streams.forEach(stream -> stream.writer.end(new byte[0]));
    writers.shutdown();
  }
}
