package dev.turnout.kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS as Kafka's clients have it, but each new connection uses the certificates that the files hold
 * then: Kafka's own clients read them once, so that a certificate that was renewed needed a
 * restart. Connections that are open stay as they are.
 *
 * <p>Files that cannot be used, such as one that is being written, leave what was loaded before in
 * force, and a warning; the next connection looks again. Only at the start they are an error.
 */
public final class ReloadingSslEngineFactory implements SslEngineFactory {
  private static final Logger LOG = LoggerFactory.getLogger(ReloadingSslEngineFactory.class);

  private Map<String, ?> configs = Map.of();
  private @Nullable DefaultSslEngineFactory loaded;
  private Map<Path, String> files = Map.of();

  @Override
  public synchronized void configure(Map<String, ?> configs) {
    this.configs = new HashMap<>(configs);
    files = look();
    loaded = load();
  }

  private DefaultSslEngineFactory load() {
    DefaultSslEngineFactory factory = new DefaultSslEngineFactory();
    factory.configure(configs);
    return factory;
  }

  private synchronized DefaultSslEngineFactory current() {
    DefaultSslEngineFactory before = loaded;
    if (before == null) {
      throw new IllegalStateException("configure comes first");
    }
    Map<Path, String> now = look();
    if (now.equals(files)) {
      return before;
    }
    try {
      DefaultSslEngineFactory next = load();
      LOG.atInfo()
          .setMessage("certificates have changed; new connections use them")
          .addKeyValue("files", now.keySet())
          .log();
      before.close();
      loaded = next;
      files = now;
      return next;
    } catch (RuntimeException e) {
      LOG.atWarn()
          .setMessage("certificates have changed but cannot be used; the ones before stay in force")
          .addKeyValue("files", now.keySet())
          .setCause(e)
          .log();
      return before;
    }
  }

  /** The files with what tells a new version of one. */
  private Map<Path, String> look() {
    Map<Path, String> seen = new HashMap<>();
    Stream.of(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG)
        .map(configs::get)
        .filter(location -> location != null && !location.toString().isBlank())
        .map(location -> Path.of(location.toString()))
        .forEach(file -> seen.put(file, version(file)));
    return seen;
  }

  private static String version(Path file) {
    try {
      // a mounted Secret is a link whose target changes
      return file.toRealPath() + " " + Files.getLastModifiedTime(file) + " " + Files.size(file);
    } catch (IOException e) {
      return "cannot be read";
    }
  }

  @Override
  public SSLEngine createClientSslEngine(
      String peerHost, int peerPort, String endpointIdentification) {
    return current().createClientSslEngine(peerHost, peerPort, endpointIdentification);
  }

  @Override
  public SSLEngine createServerSslEngine(String peerHost, int peerPort) {
    return current().createServerSslEngine(peerHost, peerPort);
  }

  @Override
  public boolean shouldBeRebuilt(Map<String, Object> nextConfigs) {
    return current().shouldBeRebuilt(nextConfigs);
  }

  @Override
  public Set<String> reconfigurableConfigs() {
    return SslConfigs.RECONFIGURABLE_CONFIGS;
  }

  @Override
  public @Nullable KeyStore keystore() {
    return current().keystore();
  }

  @Override
  public @Nullable KeyStore truststore() {
    return current().truststore();
  }

  @Override
  public synchronized void close() {
    DefaultSslEngineFactory last = loaded;
    if (last != null) {
      last.close();
    }
  }
}
