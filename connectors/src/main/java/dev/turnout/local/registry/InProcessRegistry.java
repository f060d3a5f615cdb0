package dev.turnout.local.registry;

import dev.turnout.topic.LogText;
import io.javalin.Javalin;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import java.nio.file.Path;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Schema Registry for Avro, with the REST API that every Confluent-compatible client speaks:
 * subjects, versions, references, ids, compatibility rules, modes, deletions and listings as
 * Confluent's. What Confluent's has and this one does not, e.g. other schema types, contexts,
 * exporters and rule sets, is answered with 501 and its name. No authentication; an installation
 * that needs one brings its own registry.
 */
public final class InProcessRegistry implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(InProcessRegistry.class);
  static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final String LOCALHOST = "localhost";

  private final Javalin server;
  private final String host;

  private InProcessRegistry(RegistryStore store, String host) {
    this.host = host;
    this.server =
        Javalin.create(
            config -> {
              config.showJavalinBanner = false;
              config.jetty.threadPool = new QueuedThreadPool(12, 2);
            });
    RegistryRoutes.add(store, server);
    refusals();
  }

  /**
   * Starts a registry on localhost.
   *
   * @param port port; 0 takes a free one
   * @param file where schemas and ids are kept; null keeps them in memory only
   * @throws IllegalStateException if the port is taken or the file is unreadable, naming it
   */
  public static InProcessRegistry start(int port, @Nullable Path file) {
    return start(LOCALHOST, port, file);
  }

  /**
   * Starts a registry.
   *
   * @param host address to listen on; {@code 0.0.0.0} lets other machines in, and nobody is asked
   *     who they are
   * @param port port; 0 takes a free one
   * @param file where schemas and ids are kept; null keeps them in memory only
   * @throws IllegalStateException if the port is taken or the file is unreadable, naming it
   */
  public static InProcessRegistry start(String host, int port, @Nullable Path file) {
    InProcessRegistry registry =
        new InProcessRegistry(new RegistryStore(new RegistryFile(file)), host);
    try {
      registry.server.start(host, port);
    } catch (JavalinBindException taken) {
      throw new IllegalStateException(
          "port "
              + port
              + " is taken: stop what listens there, or choose another port for the"
              + " schema registry (0 takes a free one)",
          taken);
    }
    return registry;
  }

  /** Base URL for clients, e.g. {@code http://localhost:8081}. */
  public String url() {
    return "http://" + host + ":" + server.port();
  }

  /** Port for clients. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
  }

  private void refusals() {
    server.exception(
        RegistryError.class,
        (error, context) ->
            RegistryRequest.refuse(
                context, error.status(), error.code(), String.valueOf(error.getMessage())));
    server.exception(
        HttpResponseException.class,
        (error, context) -> {
          if (error.getStatus() == 404 && RegistryRoutes.isConfluents(context.path())) {
            RegistryError missing = RegistryError.notThere(context.method() + " " + context.path());
            RegistryRequest.refuse(
                context, missing.status(), missing.code(), String.valueOf(missing.getMessage()));
          } else {
            RegistryRequest.refuse(
                context, error.getStatus(), error.getStatus(), String.valueOf(error.getMessage()));
          }
        });
    server.exception(
        Exception.class,
        (error, context) -> {
          LOG.atError()
              .setMessage("registry request failed")
              .addKeyValue("method", context.method())
              .addKeyValue("path", LogText.of(context.path()))
              .setCause(error)
              .log();
          RegistryRequest.refuse(context, 500, 50001, "Internal error: " + error.getMessage());
        });
  }
}
