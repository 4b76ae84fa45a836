import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** PORT: sends the hello of Java's own TLS, at what its properties say. */
class Hello {
    public static void main(String[] arguments) throws Exception {
        var socket = (SSLSocket) SSLContext.getDefault().getSocketFactory()
            .createSocket(new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])), "mail.example.org", 993, true);
        var parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName("mail.example.org")));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
    }
}
