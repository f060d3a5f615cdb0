package dev.turnout.gateway.sse;

import dev.turnout.kafka.LoopBody;
import dev.turnout.kafka.SupervisedLoop;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http2.IStream;
import org.eclipse.jetty.http2.server.HttpChannelOverHTTP2;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Tells when a client leaves while it waits for its answer.
 *
 * <p>A server that has read a request has no reason to read on, so Jetty sees that a connection of
 * HTTP/1.1 was closed only when it writes to it, which may be a minute of a paid call later. Here a
 * selector of our own looks at the sockets of those who wait: one that can be read but has nothing
 * to read was closed. Nothing is ever read, so the connection stays Jetty's. A client that sends
 * its next request before it has the answer cannot be watched any further, and one that closes its
 * sending half counts as gone, as it does with other servers.
 *
 * <p>What holds: a key lives as long as its connection and is only switched on and off, since a
 * channel cannot be registered again while a cancelled key of it lingers. {@link Watch#close} comes
 * before the response is completed, and with it before the next request of the same connection. Who
 * is watched is looked at within {@link #LOOK}; nobody is woken for it.
 *
 * <p>Streams of HTTP/2 share their connection, which Jetty reads all the time; it tells by the
 * asynchronous context's error. But not of a stream that is reset while its request is still being
 * handled, before it waits: that error is dropped. So each stream is looked at as well.
 */
public final class ClientWatch implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(200);

  private final Selector selector;
  private final Set<Watch> streams = ConcurrentHashMap.newKeySet();
  private final SupervisedLoop loop;

  private ClientWatch(Selector selector) {
    this.selector = selector;
    this.loop = SupervisedLoop.start("gateway-clients", new Looking());
  }

  /** Starts the one thread that looks. */
  public static ClientWatch start() {
    try {
      return new ClientWatch(Selector.open());
    } catch (IOException none) {
      throw new UncheckedIOException("gateway: no selector; raise the limit of open files", none);
    }
  }

  /** One request that is watched. */
  public final class Watch implements AutoCloseable {
    private final AtomicBoolean open = new AtomicBoolean(true);
    private final Runnable gone;
    private final @Nullable IStream stream;
    private volatile @Nullable SelectionKey key;

    private Watch(Runnable gone, @Nullable IStream stream) {
      this.gone = gone;
      this.stream = stream;
    }

    private void look() {
      if (stream != null && stream.isReset()) {
        left();
      }
    }

    private void left() {
      streams.remove(this);
      if (open.getAndSet(false)) {
        gone.run();
      }
    }

    /** Looks no more. */
    @Override
    public void close() {
      open.set(false);
      streams.remove(this);
      SelectionKey mine = key;
      if (mine != null && mine.attachment() == this) {
        switchOff(mine);
        // the connection may live on for long, what waited on it need not
        Object unusedSelf = mine.attach(null);
      }
    }
  }

  /**
   * Watches the client of a request that has been read and is in asynchronous mode.
   *
   * @param gone called once, by another thread, if the client leaves; must not block
   */
  public Watch watch(HttpServletRequest request, Runnable gone) {
    HttpChannel exchange = Request.getBaseRequest(request).getHttpChannel();
    IStream stream =
        exchange instanceof HttpChannelOverHTTP2 shared
            ? shared.getHttpTransport().getStream()
            : null;
    Watch watch = new Watch(gone, stream);
    request.getAsyncContext().addListener(new Failure(watch));
    if (stream != null) {
      streams.add(watch);
    } else if (request.getProtocol().startsWith("HTTP/1")
        && exchange.getEndPoint().getTransport() instanceof SocketChannel channel) {
      try {
        watch.key = channel.register(selector, SelectionKey.OP_READ, watch);
      } catch (CancelledKeyException | ClosedSelectorException | ClosedChannelException closed) {
        // a connection that is closed already shows at the first write
      }
    }
    return watch;
  }

  private static void switchOff(SelectionKey key) {
    try {
      key.interestOps(0);
    } catch (CancelledKeyException closed) {
      // its connection has been closed
    }
  }

  private static void look(SelectionKey key) {
    switchOff(key);
    if (key.attachment() instanceof Watch watch && key.channel() instanceof SocketChannel channel) {
      try {
        if (channel.socket().getInputStream().available() == 0) {
          watch.left();
        }
      } catch (IOException closed) {
        watch.left();
      }
    }
  }

  private final class Looking implements LoopBody {
    @Override
    public void turn() throws IOException {
      int unusedCount = selector.select(ClientWatch::look, LOOK.toMillis());
      streams.forEach(Watch::look);
    }

    @Override
    public void wakeUp() {
      Selector unusedSelf = selector.wakeup();
    }

    @Override
    public void close() {
      try {
        selector.close();
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  /** What the container itself finds. */
  private record Failure(Watch watch) implements AsyncListener {
    @Override
    public void onError(AsyncEvent event) {
      watch.left();
    }

    @Override
    public void onComplete(AsyncEvent event) {
      watch.close();
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {
      AsyncContext again = event.getAsyncContext();
      again.addListener(this);
    }
  }

  @Override
  public void close() {
    loop.close();
  }
}
