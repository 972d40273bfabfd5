"""A Dask cluster as an executor, and every reason why there is none, in Chinese."""

from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager

_PATIENCE = "10s"
"""How long a cluster may take to answer."""


class ClusterError(Exception):
    """A cluster that can't be used, or no longer; str() is one Chinese sentence without its full stop."""


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The cluster whose scheduler is at this address; raises ClusterError, also for what fails on it meanwhile."""
    try:
        from distributed import Client
        from distributed.comm.core import CommClosedError
        from distributed.scheduler import KilledWorker
    except ImportError as error:
        raise ClusterError("没有安装 distributed，不能用 --dask，请先执行 pip install distributed") from error
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise ClusterError(
            f"连不上 Dask 集群“{address}”，请核对地址（如 tcp://10.0.0.5:8786），并确认调度程序已经启动"
        ) from error
    try:
        if not client.ncores():
            raise ClusterError(f"Dask 集群“{address}”上没有工作进程，请先启动 dask worker")
        yield client.get_executor()
    except ModuleNotFoundError as error:
        raise ClusterError(f"Dask 集群“{address}”上没有安装 {error.name}，请装上与本机相同的 gouji") from error
    except (KilledWorker, CommClosedError, CancelledError) as error:
        raise ClusterError(f"Dask 集群“{address}”中途断开或工作进程退出，请再运行一次，已完成的不会重做") from error
    finally:
        client.close()
