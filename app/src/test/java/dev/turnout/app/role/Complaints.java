package dev.turnout.app.role;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What the program logs, as it would be seen: warnings of ours, errors of Kafka's. */
final class Complaints extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final List<String> texts = new CopyOnWriteArrayList<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

  Complaints() {
    start();
    root.addAppender(this);
  }

  List<String> texts() {
    return texts;
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (!event.getLoggerName().startsWith("dev.turnout")
        && !event.getLevel().isGreaterOrEqual(Level.ERROR)) {
      return;
    }
    StringBuilder text =
        new StringBuilder(event.getLoggerName() + ": " + event.getFormattedMessage());
    if (event.getKeyValuePairs() != null) {
      text.append(' ').append(event.getKeyValuePairs());
    }
    for (IThrowableProxy cause = event.getThrowableProxy();
        cause != null;
        cause = cause.getCause()) {
      text.append("; ").append(cause.getClassName()).append(": ").append(cause.getMessage());
    }
    texts.add(text.toString());
  }

  @Override
  public void close() {
    root.detachAppender(this);
  }
}
